import { BrokerFrame, DeviceFrame } from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import { recordFrames } from "./recorded_frames.ts"

describe("recordFrames", () => {
  it("records every type in both directions", () => {
    const types = Map.groupBy(recordFrames(), ({ to }) => to)
    const toBroker = types.get("broker")?.map(({ frame }) => frame.type)
    const toDevice = types.get("device")?.map(({ frame }) => frame.type)

    assert.sameMembers([...new Set<string>(toBroker)], Object.keys(DeviceFrame.cases))
    assert.sameMembers([...new Set<string>(toDevice)], Object.keys(BrokerFrame.cases))
  })

  it("records the same frames each time", () => {
    assert.deepStrictEqual(recordFrames(), recordFrames())
  })
})
