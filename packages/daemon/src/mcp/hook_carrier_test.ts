import { assert, describe, it } from "@effect/vitest"
import { HandDispatcher } from "./testing/hand_dispatcher.ts"
import { madeReceived } from "./testing/made_received.ts"

describe("HookCarrier", () => {
  it("returns what fits into 10,000 characters, and the rest with the next hook", () => {
    const { dispatcher, reported } = new HandDispatcher({ inbox: "none" })
    dispatcher.take(madeReceived(1, { text: "x".repeat(8_000) }), false)
    dispatcher.take(madeReceived(2, { text: "y".repeat(8_000) }), false)

    const first = dispatcher.toolsUsed() ?? ""
    assert.isAtMost(first.length, 10_000)
    assert.include(first, "No room here for")
    assert.strictEqual(reported.length, 1)

    assert.include(dispatcher.toolsUsed(), "yyy")
    assert.isUndefined(dispatcher.toolsUsed())
  })
})
