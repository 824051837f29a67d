import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Ref, SubscriptionRef } from "effect"
import { TestClock } from "effect/testing"
import { bump, whenever } from "./counter.ts"

describe("whenever", () => {
  it.effect("runs its body once at the start, and not again while nothing changes", () =>
    Effect.gen(function*() {
      const { runs } = yield* counted("1 second")

      yield* TestClock.adjust("1 minute")

      assert.strictEqual(yield* runs, 1)
    }))

  it.effect("loses no wake-up that comes while the body runs", () =>
    Effect.gen(function*() {
      const { counter, runs } = yield* counted("10 seconds")
      yield* TestClock.adjust("5 seconds")

      yield* bump(counter)
      yield* TestClock.adjust("1 minute")

      assert.strictEqual(yield* runs, 2)
    }))

  it.effect("answers many wake-ups with one run more", () =>
    Effect.gen(function*() {
      const { counter, runs } = yield* counted("10 seconds")
      yield* TestClock.adjust("5 seconds")

      yield* Effect.repeat(bump(counter), { times: 99 })
      yield* TestClock.adjust("1 minute")

      assert.strictEqual(yield* runs, 2)
    }))

  it.effect("fails as its body fails", () =>
    Effect.gen(function*() {
      const counter = yield* SubscriptionRef.make(0)

      assert.strictEqual(yield* Effect.flip(whenever(counter, Effect.fail("it broke"))), "it broke")
    }))

  it.effect("waits for the body of one run before the next", () =>
    Effect.gen(function*() {
      const counter = yield* SubscriptionRef.make(0)
      const gate = yield* Deferred.make<void>()
      const running = yield* Ref.make(0)
      const body = Effect.andThen(Ref.update(running, (count) => count + 1), Deferred.await(gate))
      const fiber = yield* Effect.forkChild(whenever(counter, body))
      yield* TestClock.adjust("1 second")

      yield* bump(counter)
      yield* TestClock.adjust("1 second")

      assert.strictEqual(yield* Ref.get(running), 1)
      yield* Fiber.interrupt(fiber)
    }))
})

/** A body that takes so long and counts its runs. */
const counted = Effect.fnUntraced(function*(duration: "1 second" | "10 seconds") {
  const counter = yield* SubscriptionRef.make(0)
  const runs = yield* Ref.make(0)
  const body = Effect.andThen(Ref.update(runs, (count) => count + 1), Effect.sleep(duration))
  yield* Effect.forkScoped(whenever(counter, body))
  return { counter, runs: Ref.get(runs) }
})
