import { assert, describe, it } from "@effect/vitest"
import { keyOf, nameOfKey, peerMessageOf, shownMessage } from "./shown_message.ts"
import { deviceOf, madeReceived } from "./testing/made_received.ts"

describe("nameOfKey", () => {
  it("tells messages of two senders with one id apart", () => {
    const other = madeReceived(1, { from_device_id: deviceOf(9) })

    assert.notStrictEqual(nameOfKey(keyOf(madeReceived(1))), nameOfKey(keyOf(other)))
  })
})

describe("shownMessage", () => {
  it("takes one that was posted before for one that may be on its way", () => {
    const { posts, progress } = shownMessage(madeReceived(1), {
      now: 5,
      wasPosted: true,
      isStranger: false
    })

    assert.deepStrictEqual({ posts, progress }, { posts: 1, progress: "posted" })
  })
})

describe("peerMessageOf", () => {
  it("says what is known and leaves out what is not", () => {
    const given = peerMessageOf(madeReceived(1, { subject: "Build", missing_before: 2 }), "api")

    assert.deepInclude(given, { subject: "Build", missing_before: 2, to: "api", mesh: "acme" })
    assert.notProperty(given, "reply_to")
  })
})
