import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { TestClock } from "effect/testing"
import { monotonicMillis } from "./monotonic_millis.ts"

describe("monotonicMillis", () => {
  it.effect("counts the milliseconds that pass", () =>
    Effect.gen(function*() {
      const clock = yield* Clock.Clock
      const before = monotonicMillis(clock)
      yield* TestClock.adjust("90 seconds")
      assert.strictEqual(monotonicMillis(clock) - before, 90_000)
    }))
})
