import { type DeviceFrame, limits } from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { LinkLost } from "./broker_transport.ts"
import { makePings } from "./pings.ts"

/** Pings, and the times of those that were sent. */
function sending() {
  const times: Array<number> = []
  const pings = makePings((frame: DeviceFrame) =>
    Effect.sync(() => {
      if (frame.type === "ping") times.push(frame.t)
    })
  )
  return { times, pings }
}

describe("makePings", () => {
  it.effect("returns from a round trip with the answer to it, and to no other", () =>
    Effect.gen(function*() {
      const { pings, times } = sending()
      const [one, other] = [
        yield* Effect.forkChild(pings.roundTrip),
        yield* Effect.forkChild(pings.roundTrip)
      ]
      yield* TestClock.adjust(0)

      yield* pings.answered(times[1] ?? 0)
      yield* Fiber.join(other)
      assert.isUndefined(one.pollUnsafe())

      yield* pings.answered(times[0] ?? 0)
      yield* Fiber.join(one)
    }))

  it.effect("fails what waits when the connection ends, and gives up by itself", () =>
    Effect.gen(function*() {
      const { pings } = sending()
      const ended = yield* Effect.forkChild(Effect.flip(pings.roundTrip))
      yield* TestClock.adjust(0)
      yield* pings.lost(new LinkLost({ reason: "it was closed" }))
      assert.strictEqual((yield* Fiber.join(ended)).reason, "it was closed")

      const silent = yield* Effect.forkChild(Effect.flip(pings.roundTrip))
      yield* TestClock.adjust("31 seconds")
      assert.strictEqual((yield* Fiber.join(silent)).reason, "no answer to \"ping\"")
    }))

  it.effect("keeps the connection alive, and minds no answer that nobody waits for", () =>
    Effect.gen(function*() {
      const { pings, times } = sending()
      yield* Effect.forkScoped(pings.keepAlive)
      yield* TestClock.adjust(2 * limits.pingMillis)
      yield* pings.answered(times[0] ?? 0)

      assert.lengthOf(times, 3)
    }))
})
