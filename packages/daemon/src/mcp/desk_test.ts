import type { MessageId } from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import { messageIdsIn } from "../carriers/peer_text_evidence.ts"
import { idOf } from "../carriers/testing/made_peer_message.ts"
import { keyOf } from "./shown_message.ts"
import { HandDispatcher } from "./testing/hand_dispatcher.ts"
import { deviceOf, madeReceived } from "./testing/made_received.ts"

describe("Desk", () => {
  it("shows the second of two messages with one id after the first has surfaced", () => {
    const hand = posted(1)
    hand.dispatcher.take(madeReceived(1, { from_device_id: deviceOf(9), text: "Other" }), false)
    hand.clock.move(100)
    assert.strictEqual(hand.posts.length, 1)

    hand.dispatcher.prompted(hand.prompt())
    hand.clock.move(50)

    assert.include(hand.posts[1]?.text, "| Other")
    assert.deepStrictEqual(hand.stagesOf(1), [
      "posted: socket",
      "surfaced: socket",
      "posted: socket"
    ])
  })

  it("shows the second of two messages with one id after the first is gone", () => {
    const hand = posted(1)
    hand.dispatcher.take(madeReceived(1, { from_device_id: deviceOf(9), text: "Other" }), false)

    hand.dispatcher.withdraw(keyOf(madeReceived(1)))
    hand.clock.move(50)

    assert.include(hand.posts[1]?.text, "| Other")
  })

  it("does not show what a daemon that came back does not tell again", () => {
    const hand = new HandDispatcher({ inbox: "none" })
    hand.dispatcher.take(madeReceived(1), false)
    hand.dispatcher.take(madeReceived(2), false)

    hand.dispatcher.begin()
    assert.isUndefined(hand.dispatcher.toolsUsed())
    hand.dispatcher.take(madeReceived(2), false)
    hand.dispatcher.forgetUntold()

    assert.deepStrictEqual(idsIn(hand.dispatcher.toolsUsed()), [idOf(2)])
    assert.strictEqual(hand.dispatcher.desk.size, 1)
  })

  it("does not show again what has surfaced and is told again", () => {
    const hand = posted(1)
    hand.dispatcher.prompted(hand.prompt())

    hand.dispatcher.begin()
    hand.dispatcher.take(madeReceived(1), true)
    hand.dispatcher.forgetUntold()
    hand.clock.move(100_000)

    assert.strictEqual(hand.posts.length, 1)
    assert.isUndefined(hand.dispatcher.toolsUsed())
  })

  it("remembers no more than what is open, however many there were", () => {
    const hand = new HandDispatcher()

    for (let number = 0; number < 100_000; number += 1) turn(hand, number)

    assert.strictEqual(hand.dispatcher.desk.size, 0)
    assert.isAtMost(hand.clock.pending, 2)
  })
})

function posted(number: number, options: ConstructorParameters<typeof HandDispatcher>[0] = {}) {
  const hand = new HandDispatcher(options)
  hand.dispatcher.take(madeReceived(number), false)
  hand.clock.move(50)
  return hand
}

/** One message from its coming to its end; what was posted and reported is forgotten. */
function turn(hand: HandDispatcher, number: number): void {
  hand.dispatcher.take(madeReceived(number), false)
  hand.clock.move(2_000)
  hand.dispatcher.prompted(hand.prompt())
  hand.dispatcher.desk.settle(hand.reported)
  hand.dispatcher.withdraw(keyOf(madeReceived(number)))
  hand.posts.length = 0
  hand.reported.length = 0
}

function idsIn(text = ""): ReadonlyArray<MessageId> {
  return messageIdsIn(text, new Set(Array.from({ length: 200 }, (_, number) => idOf(number))))
}
