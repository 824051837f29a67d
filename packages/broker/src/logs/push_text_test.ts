import { limits, readBrokerFrame } from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { sampleDevice } from "../store/testing/sample.ts"
import { pushText } from "./push_text.ts"

describe("pushText", () => {
  it("is a frame with the envelope as it was stored", () => {
    const text = pushText({ log: sampleDevice("b"), epoch: 3 }, {
      seq: 7,
      text: `{"any":[1,"\\u00e4"]}`
    })
    assert.deepStrictEqual(Result.getOrThrow(readBrokerFrame(text)), {
      type: "push",
      log: sampleDevice("b"),
      epoch: 3,
      seq: 7,
      envelope: { any: [1, "ä"] }
    })
  })

  it("fits a frame with the largest envelope and the largest numbers", () => {
    const [epoch, seq] = [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]
    const text = pushText({ log: sampleDevice("b"), epoch }, {
      seq,
      text: "x".repeat(limits.envelopeBytesMax)
    })
    assert.isAtMost(text.length, limits.frameBytesMax)
  })
})
