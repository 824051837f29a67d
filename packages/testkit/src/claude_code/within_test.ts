import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { within } from "./within.ts"

describe("within", () => {
  it.effect("gives what comes in time", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* within(Effect.succeed(1), () => "late"), 1)
    }))

  it.effect("says what did not come", () =>
    Effect.gen(function*() {
      let seen = "nothing"
      const waiting = within(Effect.never, () => `There was ${seen}`)
      const fiber = yield* Effect.forkChild(Effect.sandbox(waiting).pipe(Effect.flip))
      seen = "something"
      yield* TestClock.adjust("20 seconds")

      assert.include(Cause.pretty(yield* Fiber.join(fiber)), "There was something")
    }))
})
