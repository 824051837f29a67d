import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { keepLog } from "./kept_log.ts"

describe("keepLog", () => {
  it.effect("keeps lines in their order, and knows which are alarming", () =>
    Effect.gen(function*() {
      const { alarms, layer, lines } = keepLog()
      yield* Effect.gen(function*() {
        yield* Effect.logInfo("one")
        yield* Effect.logError("two", new Error("why"))
        yield* Effect.logDebug("unheard")
        yield* Effect.catchCause(Effect.die("three"), (cause) => Effect.logFatal(cause))
      }).pipe(Effect.provide(layer))

      assert.deepStrictEqual(lines.map(({ level }) => level), ["Info", "Error", "Fatal"])
      assert.lengthOf(alarms(), 2)
      assert.include(alarms()[0], "two")
      assert.include(alarms()[0], "why")
      assert.include(alarms()[1], "three")
    }))
})
