import type { Evidence } from "@claudemesh/protocol/local_api"
import { assert, describe, it } from "@effect/vitest"
import { peerText } from "../carriers/peer_text.ts"
import { keyOf, peerMessageOf } from "./shown_message.ts"
import { deviceOf, madeReceived } from "./testing/made_received.ts"
import type { Seen } from "./transcript.ts"
import { Witness } from "./witness.ts"

const first = madeReceived(1)
const twin = madeReceived(1, { from_device_id: deviceOf(9) })
const text: Seen = { type: "text", text: peerText(peerMessageOf(first, "api")) }
const answer: Seen = { type: "assistant" }

describe("Witness", () => {
  it("says that a message is in context once a turn of the assistant follows it", () => {
    const witness = awaiting(first)

    assert.deepStrictEqual(witness.look("a", [answer, text]), [])
    assert.deepStrictEqual(witness.look("a", [answer]), [inContext(first)])
    assert.isFalse(witness.isWaiting)
  })

  it("does not take a turn in another file for an answer", () => {
    const witness = awaiting(first)

    assert.deepStrictEqual(witness.look("a", [text]), [])
    assert.deepStrictEqual(witness.look("b", [answer]), [])
    assert.deepStrictEqual(witness.look("a", [answer]), [inContext(first)])
  })

  it("takes a text for the first of two messages with one id", () => {
    const witness = awaiting(first, twin)

    assert.deepStrictEqual(witness.look("a", [text, answer]), [inContext(first)])
    assert.deepStrictEqual(witness.look("a", [text, answer]), [inContext(twin)])
  })

  it("gives up after ten minutes", () => {
    const witness = awaiting(first)

    witness.giveUp(599_999)
    assert.isTrue(witness.isWaiting)
    witness.giveUp(600_000)

    assert.isFalse(witness.isWaiting)
  })

  it("awaits a thousand at most", () => {
    const witness = new Witness()
    for (let number = 0; number < 1_001; number += 1) {
      witness.expect([surfaced(madeReceived(number))], 0)
    }
    const last: Seen = { type: "text", text: peerText(peerMessageOf(madeReceived(1_000), "api")) }

    assert.deepStrictEqual(
      witness.look("a", [
        { type: "text", text: peerText(peerMessageOf(madeReceived(0), "api")) },
        answer
      ]),
      []
    )
    assert.strictEqual(witness.look("a", [last, answer]).length, 1)
  })
})

function awaiting(...messages: ReadonlyArray<typeof first>): Witness {
  const witness = new Witness()
  witness.expect(messages.map(surfaced), 0)
  return witness
}

function surfaced(message: typeof first): Evidence {
  return { message: keyOf(message), stage: "surfaced", carrier: "socket" }
}

function inContext(message: typeof first): Evidence {
  return { message: keyOf(message), stage: "in_context", carrier: "socket" }
}
