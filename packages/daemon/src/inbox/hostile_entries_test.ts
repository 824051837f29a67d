import { keepLog, makeMesh, messageIdOf, resigned, sealBetween } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { HealthNotes } from "../health.ts"
import { layerReceiving, receive } from "../testing/receiving.ts"
import { dueRows } from "../testing/rows.ts"

/*
 * Goal: what a hostile broker pushes costs neither the log nor the disk more than it is worth. Each of
 * these was found by mutated pushes.
 */

const COUNT = 500

const made = makeMesh("hostile entries", ["ada", "bob"])
const elsewhere = makeMesh("elsewhere", ["ada", "bob"])
const daemon = layerReceiving(made, "bob")

describe("Receiver, at a hostile broker", () => {
  it.effect("notes once that it passes on what is no message, however often it does", () => {
    const log = keepLog()
    return Effect.gen(function*() {
      for (let batch = 0; batch < 10; batch++) {
        yield* receive(...Array.from({ length: COUNT / 10 }, (_, at) => ({ batch, at })))
      }

      assert.lengthOf(log.lines, 1)
      assert.lengthOf(yield* HealthNotes.use(({ all }) => all), 1)
    }).pipe(Effect.provide(Layer.provideMerge(daemon, log.layer)))
  })

  it.effect("owes nothing to whoever it names that is not of the mesh", () =>
    Effect.gen(function*() {
      const letter = sealBetween(elsewhere, { from: "ada", to: ["bob"], text: "x" })
      const { header } = letter
      const renamed = Array.from({ length: COUNT }, (_, at) => ({
        ...letter,
        header: { ...header, id: messageIdOf(at), mesh: made.membership.mesh }
      }))

      yield* receive(letter, ...renamed)

      assert.deepStrictEqual(yield* dueRows, [])
    }).pipe(Effect.provide(daemon)))

  it.effect("signs nothing for another mesh of the same device", () =>
    Effect.gen(function*() {
      const letter = sealBetween(made, { from: "ada", to: ["bob"], text: "x" })
      const moved = { ...letter, header: { ...letter.header, mesh: elsewhere.membership.mesh } }

      yield* receive(moved, resigned(made, "ada", moved))

      assert.deepStrictEqual(yield* dueRows, [])
    }).pipe(Effect.provide(daemon)))
})
