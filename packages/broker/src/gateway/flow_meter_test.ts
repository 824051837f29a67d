import { assert, describe, it } from "@effect/vitest"
import { FlowMeter } from "./flow_meter.ts"

const options = { framesPerSecond: 10, framesBurst: 2, bytesPerSecond: 1_000, bytesBurst: 1_000 }

describe("FlowMeter", () => {
  it("lets a burst pass, then says how long each frame must wait", () => {
    const meter = new FlowMeter(options, 0)
    assert.deepStrictEqual([1, 1, 1, 1].map((bytes) => meter.spend(bytes, 0)), [0, 0, 100, 200])
  })

  it("fills up again over time, but never beyond a burst", () => {
    const meter = new FlowMeter(options, 0)
    for (const bytes of [1, 1]) meter.spend(bytes, 0)
    assert.deepStrictEqual([1, 1, 1].map((bytes) => meter.spend(bytes, 60_000)), [0, 0, 100])
  })

  it("meters bytes as well", () => {
    const meter = new FlowMeter(options, 0)
    assert.strictEqual(meter.spend(1_500, 0), 500)
  })

  it("takes back what turns out to cost nothing, but never beyond a burst", () => {
    const meter = new FlowMeter(options, 0)
    for (let time = 0; time < 50; time++) {
      assert.strictEqual(meter.spend(900, 0), 0)
      meter.refund(900)
    }
    meter.refund(5_000)
    assert.deepStrictEqual([1, 1, 1].map((bytes) => meter.spend(bytes, 0)), [0, 0, 100])
  })

  it("takes a clock that stands still or runs back for no time at all", () => {
    const meter = new FlowMeter(options, 1_000)
    assert.strictEqual(meter.spend(1, 0), 0)
    assert.strictEqual(meter.spend(1, 0), 0)
  })
})
