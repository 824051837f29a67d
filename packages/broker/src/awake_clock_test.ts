import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { AwakeClock } from "./awake_clock.ts"

/** A clock whose monotonic hand a test moves. */
function clockAt(hand: { millis: number }) {
  return Layer.effect(
    Clock.Clock,
    Effect.map(Clock.Clock, (clock) =>
      Object.assign({}, clock, {
        monotonicTimeNanosUnsafe: () => BigInt(hand.millis) * 1_000_000n
      }))
  )
}

describe("AwakeClock", () => {
  it.effect("goes on by itself, whoever looks", () =>
    Effect.gen(function*() {
      const { now } = yield* AwakeClock
      const began = now()
      yield* TestClock.adjust("2 minutes")
      assert.strictEqual(now() - began, 120_000)
    }).pipe(Effect.provide(AwakeClock.layer)))

  it.effect("takes a pause for no time at all", () => {
    const hand = { millis: 1_000 }
    return Effect.gen(function*() {
      const { now } = yield* AwakeClock
      const began = now()
      hand.millis += 4_000
      assert.strictEqual(now() - began, 4_000)
      hand.millis += 120_000
      assert.strictEqual(now() - began, 4_000)
      hand.millis += 500
      assert.strictEqual(now() - began, 4_500)
    }).pipe(Effect.provide(Layer.provide(AwakeClock.layer, clockAt(hand))))
  })
})
