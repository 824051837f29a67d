import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { StoreFailed } from "../store_failed.ts"
import { makePersist } from "./persistence.ts"
import { connectionError, serverError } from "./testing/sql_errors.ts"

/** Fails so many times, then succeeds; counts how often it ran. */
function failing<E>(times: number, error: E) {
  const runs = { count: 0 }
  const effect = Effect.suspend(() =>
    ++runs.count <= times ? Effect.fail(error) : Effect.succeed("done")
  )
  return { effect, runs }
}

describe("Persist", () => {
  it.effect("runs again what failed in passing", () =>
    Effect.gen(function*() {
      const persist = yield* makePersist
      const { effect, runs } = failing(3, connectionError())
      const running = yield* Effect.forkChild(persist(effect))
      yield* TestClock.adjust("1 second")

      assert.strictEqual(yield* Fiber.join(running), "done")
      assert.strictEqual(runs.count, 4)
    }))

  it.effect("gives up after seconds, and then it is a failure of the store", () =>
    Effect.gen(function*() {
      const persist = yield* makePersist
      const { effect, runs } = failing(Infinity, connectionError("nobody there"))
      const running = yield* Effect.forkChild(Effect.flip(persist(effect)))
      yield* TestClock.adjust("10 seconds")

      assert.strictEqual((yield* Fiber.join(running)).reason, "nobody there")
      assert.isAbove(runs.count, 5)
    }))

  it.effect("runs nothing again that would fail the same, or may have happened", () =>
    Effect.gen(function*() {
      const persist = yield* makePersist
      const lasting = failing(1, serverError("42P01"))
      const done = failing(1, new StoreFailed({ fault: "unknown", reason: "not confirmed" }))

      assert.strictEqual((yield* Effect.flip(persist(lasting.effect)))._tag, "StoreFailed")
      assert.strictEqual((yield* Effect.flip(persist(done.effect))).reason, "not confirmed")
      assert.deepStrictEqual([lasting.runs.count, done.runs.count], [1, 1])
    }))

  it.effect("waits for no answer for ever", () =>
    Effect.gen(function*() {
      const persist = yield* makePersist
      const running = yield* Effect.forkChild(Effect.flip(persist(Effect.never)))
      yield* TestClock.adjust("15 seconds")

      assert.include((yield* Fiber.join(running)).reason, "does not answer")
    }))
})
