import { assert, describe, it } from "@effect/vitest"
import type { MessageId } from "@claudemesh/protocol"
import { Effect } from "effect"
import { messageIdsIn } from "../carriers/peer_text_evidence.ts"
import { idOf } from "../carriers/testing/made_peer_message.ts"
import { type Dispatcher } from "./dispatcher.ts"
import { keyOf } from "./shown_message.ts"
import { HandDispatcher } from "./testing/hand_dispatcher.ts"
import { madeReceived, madeSession } from "./testing/made_received.ts"

describe("Dispatcher", () => {
  it("puts what comes within 50 ms into one post", () => {
    const { clock, dispatcher, posts } = new HandDispatcher()

    dispatcher.take(madeReceived(1), false)
    clock.move(49)
    dispatcher.take(madeReceived(2), false)
    assert.strictEqual(posts.length, 0)
    clock.move(1)

    assert.deepStrictEqual(idsIn(posts[0]?.text), [idOf(1), idOf(2)])
    assert.strictEqual(posts[0]?.from, "ada@laptop2")
  })

  it("posts although something comes all the time", () => {
    const { clock, dispatcher, posts } = new HandDispatcher()

    for (let number = 0; number < 10; number += 1) {
      dispatcher.take(madeReceived(number), false)
      clock.move(20)
    }

    assert.strictEqual(posts.length, 3)
  })

  it("names nobody as the writer of a post of several", () => {
    const { clock, dispatcher, posts } = new HandDispatcher()

    dispatcher.take(madeReceived(1), false)
    dispatcher.take(madeReceived(2, { from: "bob@desk" }), false)
    clock.move(50)

    assert.strictEqual(posts[0]?.from, "claudemesh")
  })

  it("posts at once what is to be seen now", () => {
    const { clock, dispatcher, posts } = new HandDispatcher()

    dispatcher.take(madeReceived(1, { priority: "now" }), false)
    dispatcher.take(madeReceived(2), false)
    clock.move(0)

    assert.strictEqual(posts.length, 1)
  })

  it("shows nobody what is low", () => {
    const { clock, dispatcher, posts } = new HandDispatcher()

    dispatcher.take(madeReceived(1, { priority: "low" }), false)
    clock.move(100_000)

    assert.strictEqual(posts.length, 0)
    assert.isUndefined(dispatcher.toolsUsed())
  })

  it("lets only what is to be seen now through to who does not want to be disturbed", () => {
    const { clock, dispatcher, posts } = new HandDispatcher()
    dispatcher.revise(madeSession({ status: "dnd" }))

    dispatcher.take(madeReceived(1), false)
    dispatcher.take(madeReceived(2, { priority: "now" }), false)
    clock.move(50)
    const wanted = idsIn(posts[0]?.text)
    assert.isUndefined(dispatcher.toolsUsed())
    dispatcher.revise(madeSession())
    clock.move(0)

    assert.deepStrictEqual(wanted, [idOf(2)])
    assert.deepStrictEqual(idsIn(posts[1]?.text), [idOf(1)])
  })

  it("posts a burst of 20, then one in 2 seconds", () => {
    const { clock, dispatcher, posts } = new HandDispatcher()

    for (let number = 0; number < 25; number += 1) {
      dispatcher.take(madeReceived(number, { priority: "now" }), false)
      clock.move(0)
    }
    assert.strictEqual(posts.length, 20)
    clock.move(2_000)

    assert.strictEqual(posts.length, 21)
    assert.strictEqual(idsIn(posts[20]?.text).length, 5)
  })

  it("goes on at once with what found no room in a post", () => {
    const { clock, dispatcher, posts } = new HandDispatcher()

    for (let number = 0; number < 100; number += 1) {
      dispatcher.take(madeReceived(number, { text: "x".repeat(8_000) }), false)
    }
    clock.move(200)

    assert.strictEqual(posts.flatMap(({ text }) => idsIn(text)).length, 100)
    assert.isAbove(posts.length, 1)
  })

  it("takes the client's prompt hook for evidence, once", () => {
    const hand = posted(1)

    assert.isFalse(hand.dispatcher.prompted(hand.prompt()).isHuman)
    hand.dispatcher.prompted(hand.prompt())

    assert.deepStrictEqual(hand.stagesOf(1), ["posted: socket", "surfaced: socket"])
    assert.strictEqual(hand.dispatcher.desk.last?.id, idOf(1))
  })

  it("does not double at a batch of tools what is on its way", () => {
    const hand = posted(1)
    hand.clock.move(5_000)

    assert.isUndefined(hand.dispatcher.toolsUsed())
    hand.dispatcher.prompted(hand.prompt())

    assert.isUndefined(hand.dispatcher.toolsUsed())
    assert.strictEqual(hand.stagesOf(1).length, 2)
  })

  it("hands a post over to the hooks that the client had a chance to take", () => {
    const hand = posted(1)
    hand.clock.move(5_000)
    hand.dispatcher.toolsUsed()

    const context = hand.dispatcher.toolsUsed()

    assert.deepStrictEqual(idsIn(context), [idOf(1)])
    assert.deepStrictEqual(hand.stagesOf(1), ["posted: socket", "surfaced: hook"])
    assert.isUndefined(hand.dispatcher.toolsUsed())
  })

  it("counts no chance within a second of the post", () => {
    const hand = posted(1)

    hand.dispatcher.toolsUsed()
    hand.clock.move(500)

    assert.isUndefined(hand.dispatcher.toolsUsed())
  })

  it("does not double what stands in the queue behind the words of a human", () => {
    const hand = posted(1)
    hand.clock.move(2_000)
    hand.dispatcher.toolsUsed()

    assert.isUndefined(hand.dispatcher.prompted("And then?").context)
    hand.dispatcher.prompted(hand.prompt())

    assert.deepStrictEqual(hand.stagesOf(1), ["posted: socket", "surfaced: socket"])
  })

  it("counts no chance at the end of a turn that goes on, nor at the prompt right after one", () => {
    const hand = posted(1)
    hand.dispatcher.toolsUsed()
    hand.clock.move(2_000)

    assert.isUndefined(hand.dispatcher.stopping())
    hand.clock.move(10)
    assert.isUndefined(hand.dispatcher.prompted("Go on").context)
    assert.isUndefined(hand.dispatcher.toolsUsed())
  })

  it("takes a long rest for a chance", () => {
    const hand = posted(1)
    hand.clock.move(5_000)

    assert.isUndefined(hand.dispatcher.prompted("Good morning").context)

    assert.deepStrictEqual(idsIn(hand.dispatcher.stopping()), [idOf(1)])
  })

  it("does not count what passes before the session was told", () => {
    const hand = new HandDispatcher({ isTold: false })
    hand.dispatcher.take(madeReceived(1), true)
    hand.clock.move(5_000)

    assert.isUndefined(hand.dispatcher.toolsUsed())
    hand.dispatcher.revise(madeSession())

    assert.isUndefined(hand.dispatcher.toolsUsed())
    assert.isDefined(hand.dispatcher.toolsUsed())
  })

  it("posts the same again to an agent that rests for 30 s, then takes its inbox for closed", () => {
    const hand = posted(1)

    hand.clock.move(30_000)
    assert.strictEqual(hand.posts[1]?.text, hand.posts[0]?.text)
    assert.strictEqual(hand.dispatcher.carrier, "socket")
    hand.clock.move(30_000)
    assert.strictEqual(hand.dispatcher.carrier, "hook")
    assert.strictEqual(hand.changes, 1)

    assert.deepStrictEqual(idsIn(hand.dispatcher.prompted("Hello").context), [idOf(1)])
    assert.strictEqual(hand.posts.length, 2)
  })

  it("does not post again what an agent could not take while it worked", () => {
    const hand = posted(1)
    hand.dispatcher.toolsUsed()
    hand.clock.move(40_000)

    hand.dispatcher.stopping()
    hand.clock.move(1_000)

    assert.strictEqual(hand.posts.length, 1)
  })

  it("leaves to the client what it says to have already", () => {
    const hand = posted(1)
    hand.clock.move(30_000)

    hand.dispatcher.noticed("duplicate", ["post 2"])
    hand.clock.move(500_000)

    assert.strictEqual(hand.posts.length, 2)
    assert.strictEqual(hand.dispatcher.carrier, "socket")
    hand.dispatcher.prompted(hand.prompt())
    assert.deepStrictEqual(hand.stagesOf(1).at(-1), "surfaced: socket")
  })

  it("posts again what the client dropped, and not at once", () => {
    const hand = posted(1)

    hand.dispatcher.noticed("gone", ["post 1"])
    hand.clock.move(1_999)
    assert.strictEqual(hand.posts.length, 1)
    hand.clock.move(1)

    assert.strictEqual(hand.posts.length, 2)
  })

  it("leaves to the hooks what the client drops each time", () => {
    const hand = posted(1)

    for (let number = 1; number < 20; number += 1) {
      hand.dispatcher.noticed("gone", [`post ${number}`])
      hand.clock.move(5_000)
    }

    assert.strictEqual(hand.posts.length, 5)
    assert.deepStrictEqual(idsIn(hand.dispatcher.toolsUsed()), [idOf(1)])
  })

  it.for([["held", "client_hold"], ["refused", "client_refuse"]] as const)(
    "does not go around a client that says %s",
    ([fate, because]) => {
      const hand = posted(1)

      hand.dispatcher.noticed(fate, ["post 1"])
      hand.dispatcher.withdraw(keyOf(madeReceived(1)))
      hand.clock.move(100_000)

      assert.isUndefined(hand.dispatcher.toolsUsed())
      assert.isUndefined(hand.dispatcher.toolsUsed())
      assert.strictEqual(hand.posts.length, 1)
      assert.deepStrictEqual(hand.stagesOf(1), ["posted: socket", `held: ${because}`])
    }
  )

  it("sees that what was held is shown after all", () => {
    const hand = posted(1)
    hand.dispatcher.noticed("held", ["post 1"])
    hand.dispatcher.withdraw(keyOf(madeReceived(1)))

    hand.dispatcher.prompted(hand.prompt())

    assert.strictEqual(hand.stagesOf(1).at(-1), "surfaced: socket")
    assert.strictEqual(hand.dispatcher.desk.size, 0)
  })

  it.effect("hands over to hooks at once where nobody listens at the inbox", () =>
    Effect.gen(function*() {
      const hand = posted(1, { inbox: "closed" })
      yield* settled

      assert.deepStrictEqual(idsIn(hand.dispatcher.toolsUsed()), [idOf(1)])
      assert.strictEqual(hand.dispatcher.carrier, "hook")
    }))

  it("works by hooks alone where there is no inbox", () => {
    const hand = posted(1, { inbox: "none" })

    assert.strictEqual(hand.dispatcher.carrier, "hook")
    assert.deepStrictEqual(idsIn(hand.dispatcher.prompted("Hello").context), [idOf(1)])
  })

  it("takes an inbox for open again that shows to be", () => {
    const hand = posted(1)
    hand.clock.move(60_000)
    assert.strictEqual(hand.dispatcher.carrier, "hook")

    hand.dispatcher.prompted(hand.prompt())

    assert.strictEqual(hand.dispatcher.carrier, "socket")
  })

  it("prolongs a turn 8 times in a row, and again after a turn has ended", () => {
    const hand = new HandDispatcher({ inbox: "none" })

    const first = Array.from({ length: 9 }, (_, number) => stopWith(hand, number))
    const second = Array.from({ length: 9 }, (_, number) => stopWith(hand, 20 + number))

    assert.deepStrictEqual(first.map((text) => text !== undefined), [...yes(8), false])
    // What the ninth did not show comes with the next one.
    assert.deepStrictEqual(second.map((text) => text !== undefined), [...yes(8), false])
    assert.deepStrictEqual(idsIn(second[0]), [idOf(8), idOf(20)])
  })

  it("counts anew once a human has spoken", () => {
    const hand = new HandDispatcher({ inbox: "none" })
    Array.from({ length: 8 }, (_, number) => stopWith(hand, number))

    hand.dispatcher.prompted("Go on")

    assert.isDefined(stopWith(hand, 9))
  })
})

/** Whatever was promised by now has been kept. */
const settled = Effect.promise(() => Promise.resolve().then(() => Promise.resolve()))

function posted(number: number, options: ConstructorParameters<typeof HandDispatcher>[0] = {}) {
  const hand = new HandDispatcher(options)
  hand.dispatcher.take(madeReceived(number), false)
  hand.clock.move(50)
  return hand
}

function stopWith({ dispatcher }: { readonly dispatcher: Dispatcher }, number: number) {
  dispatcher.take(madeReceived(number), false)
  return dispatcher.stopping()
}

function yes(count: number): ReadonlyArray<boolean> {
  return Array.from({ length: count }, () => true)
}

function idsIn(text = ""): ReadonlyArray<MessageId> {
  return messageIdsIn(text, new Set(Array.from({ length: 200 }, (_, number) => idOf(number))))
}
