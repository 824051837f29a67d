import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { HealthNotes } from "./health.ts"

describe("HealthNotes", () => {
  it.effect("keeps each note once, in the order they came", () =>
    Effect.gen(function*() {
      const { all, note } = yield* HealthNotes

      yield* note("a file was damaged")
      yield* note("a key cannot be used")
      yield* note("a file was damaged")

      assert.deepStrictEqual(yield* all, ["a file was damaged", "a key cannot be used"])
    }).pipe(Effect.provide(HealthNotes.layer)))

  it.effect("keeps the newest of very many", () =>
    Effect.gen(function*() {
      const { all, note } = yield* HealthNotes
      const texts = Array.from({ length: 105 }, (_, at) => `statement ${at} is wrong`)

      yield* Effect.forEach(texts, note)

      assert.deepStrictEqual(yield* all, texts.slice(5))
    }).pipe(Effect.provide(HealthNotes.layer)))

  it.effect("says for as long as it lasts what somebody has to see to", () =>
    Effect.gen(function*() {
      const { all, during } = yield* HealthNotes
      const full = during("the disk is full")

      const both = Effect.andThen(full, Effect.scoped(Effect.andThen(full, all)))
      assert.deepStrictEqual(yield* Effect.scoped(Effect.all([both, all])), [
        ["the disk is full"],
        ["the disk is full"]
      ])
      assert.deepStrictEqual(yield* all, [])
    }).pipe(Effect.provide(HealthNotes.layer)))
})
