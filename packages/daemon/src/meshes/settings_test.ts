import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { layerMigratedDatabase } from "../testing/migrated_database.ts"
import { makeSettings } from "./settings.ts"

describe("makeSettings", () => {
  it.effect("remembers the last value of a name", () =>
    Effect.gen(function*() {
      const { get, set } = yield* makeSettings
      assert.isTrue(Option.isNone(yield* get("colour")))

      yield* set("colour", "red")
      yield* set("colour", "blue")

      assert.deepStrictEqual(yield* get("colour"), Option.some("blue"))
      assert.isTrue(Option.isNone(yield* get("size")))
    }).pipe(Effect.provide(layerMigratedDatabase())))

  it.effect("makes a settled value once", () =>
    Effect.gen(function*() {
      const { settled } = yield* makeSettings

      const first = yield* settled("id", Effect.succeed("one"))
      const again = yield* settled("id", Effect.die("made twice"))

      assert.deepStrictEqual([first, again], ["one", "one"])
    }).pipe(Effect.provide(layerMigratedDatabase())))
})
