import { readDeviceFrame, verifyAttach, writeFrame } from "@claudemesh/protocol"
import { makeMesh, memberOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { attachFrame } from "./test_device.ts"

const mesh = makeMesh("device", ["ada"])
const ada = { mesh: mesh.membership.mesh, ...memberOf(mesh, "ada") }
const challenge = { nonce: "AAAAAAAAAAAAAAAAAAAAAA", origin: "http://127.0.0.1:1" }

describe("attachFrame", () => {
  it("answers the challenge with the device's key, in a frame that can be read", () => {
    const frame = Result.getOrThrow(
      readDeviceFrame(writeFrame(attachFrame(ada, challenge, { upto: 3 })))
    )
    assert.strictEqual(frame.type, "attach")
    if (frame.type !== "attach") return
    const { sig, type: _type, ...claim } = frame
    assert.strictEqual(claim.have.upto, 3)
    assert.isTrue(verifyAttach(claim, challenge, { sig, deviceKey: ada.record.key }))
  })
})
