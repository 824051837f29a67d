import { DeviceId } from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { IN_ALL, makeCallBudget, PER_DEVICE } from "./call_budget.ts"

const devices = ["a", "b", "c", "d", "e", "f"].map((letter) =>
  DeviceId.make(`d_${letter.repeat(26)}`)
)
const [one, other] = devices

/** How many of so many calls of a device are answered. */
const answered = Effect.fnUntraced(function*(
  { spend }: Effect.Success<typeof makeCallBudget>,
  device: DeviceId | undefined,
  calls: number
) {
  let count = 0
  for (let call = 0; call < calls; call++) {
    if (device !== undefined && (yield* spend(device))) count++
  }
  return count
})

describe("makeCallBudget", () => {
  it.effect("lets each device have its burst, and then so many a second", () =>
    Effect.gen(function*() {
      const budget = yield* makeCallBudget
      assert.strictEqual(yield* answered(budget, one, 100), PER_DEVICE.burst)
      assert.strictEqual(yield* answered(budget, other, 100), PER_DEVICE.burst)

      yield* TestClock.adjust("2 seconds")
      assert.strictEqual(yield* answered(budget, one, 100), 2 * PER_DEVICE.perSecond)

      yield* TestClock.adjust("1 hour")
      assert.strictEqual(yield* answered(budget, one, 100), PER_DEVICE.burst)
    }))

  it.effect("bounds all devices together", () =>
    Effect.gen(function*() {
      const budget = yield* makeCallBudget
      const counts = yield* Effect.forEach(devices, (device) => answered(budget, device, 100))

      assert.strictEqual(counts.reduce((sum, count) => sum + count), IN_ALL.burst)
    }))
})
