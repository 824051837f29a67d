import { assert, describe, it } from "@effect/vitest"
import { keyOf } from "./shown_message.ts"
import { HandDispatcher } from "./testing/hand_dispatcher.ts"
import { madeReceived, madeSession } from "./testing/made_received.ts"

/** A dispatcher of a session without an inbox, in whose room a hook waits. */
function makeWaited() {
  const hand = new HandDispatcher({ inbox: "none" })
  hand.wait("rewake")
  hand.clock.move(0)
  return hand
}

describe("OutletCarrier", () => {
  it("wakes an agent at rest by what waits for it, and knows by its prompt that it did", () => {
    const { clock, dispatcher, given, stagesOf } = makeWaited()
    dispatcher.take(madeReceived(1), false)
    clock.move(49)
    dispatcher.take(madeReceived(2), false)
    clock.move(1)

    assert.strictEqual(given.length, 1)
    assert.deepStrictEqual(stagesOf(1), ["posted: rewake"])

    dispatcher.prompted(`<task-notification>${given[0]}</task-notification>`)
    for (const number of [1, 2]) {
      assert.deepStrictEqual(stagesOf(number), ["posted: rewake", "surfaced: rewake"])
    }
    assert.isUndefined(dispatcher.toolsUsed())
  })

  it("gives nothing to an agent that works: hooks do", () => {
    const { clock, dispatcher, given } = makeWaited()
    dispatcher.prompted("Go on")
    dispatcher.take(madeReceived(1), false)
    clock.move(60_000)

    assert.strictEqual(given.length, 0)
    assert.include(dispatcher.toolsUsed(), "Message 1")
  })

  it("gives to the next that waits what came while nobody did", () => {
    const { clock, dispatcher, given, wait } = new HandDispatcher({ inbox: "none" })
    dispatcher.take(madeReceived(1), false)
    clock.move(1_000)
    wait("rewake")
    clock.move(0)

    assert.strictEqual(given.length, 1)
  })

  it("leaves to hooks what has no evidence after half a minute of rest", () => {
    const { clock, dispatcher, given } = makeWaited()
    dispatcher.take(madeReceived(1), false)
    clock.move(60_000)

    assert.strictEqual(given.length, 1)
    assert.strictEqual(dispatcher.carrier, "hook")
    assert.include(dispatcher.prompted("Hello").context, "Message 1")
  })

  it("goes on with one that waits anew after that", () => {
    const { clock, dispatcher, given, wait } = makeWaited()
    dispatcher.take(madeReceived(1), false)
    clock.move(60_000)
    wait("rewake")
    clock.move(0)

    assert.strictEqual(given.length, 2)
    assert.strictEqual(dispatcher.carrier, "rewake")
  })

  it("is not wanted while the client's inbox works, and is once that is closed", () => {
    const { clock, dispatcher } = new HandDispatcher()
    assert.isFalse(dispatcher.awaits("rewake"))
    dispatcher.take(madeReceived(1), false)
    clock.move(120_000)

    assert.isTrue(dispatcher.awaits("rewake"))
  })

  it("takes over what was still on its way to an inbox that was closed meanwhile", () => {
    const { clock, dispatcher, given, posts, wait } = new HandDispatcher()
    dispatcher.take(madeReceived(1), false)
    clock.move(40_000)
    dispatcher.take(madeReceived(2), false)
    clock.move(25_000)
    // Whatever is new of the session is an occasion to look.
    dispatcher.revise(madeSession())
    clock.move(0)
    wait("rewake")
    clock.move(0)
    dispatcher.prompted(given[0] ?? "")
    dispatcher.rested()
    wait("rewake")
    clock.move(100_000)

    assert.strictEqual(posts.length, 3)
    assert.deepStrictEqual(given.map((text) => /Message \d/.exec(text)?.[0]), [
      "Message 1",
      "Message 2"
    ])
  })

  it("wakes an agent for what a process before this one wrote in vain", () => {
    const { clock, dispatcher, given } = makeWaited()
    dispatcher.take(madeReceived(1), true)
    clock.move(29_000)
    assert.strictEqual(given.length, 0)
    clock.move(61_000)

    assert.strictEqual(given.length, 1)
  })

  it("takes a monitor where no hook waits", () => {
    const { dispatcher, wait } = new HandDispatcher({ inbox: "none" })
    wait("monitor")
    assert.strictEqual(dispatcher.carrier, "monitor")
    wait("rewake")
    assert.strictEqual(dispatcher.carrier, "rewake")
  })

  it("says on the channel what nothing else carries, if its user wants that", () => {
    const { clock, dispatcher, given, wait } = new HandDispatcher({ inbox: "none" })
    wait("channel")
    dispatcher.take(madeReceived(1), false)
    clock.move(50)

    assert.include(given[0], "Message 1")
    assert.strictEqual(dispatcher.carrier, "channel")
    clock.move(600_000)
    assert.isUndefined(dispatcher.prompted("Hello").context)
  })

  it("gives what fits into 10,000 characters, and the rest to the next", () => {
    const { clock, dispatcher, given, wait } = makeWaited()
    dispatcher.take(madeReceived(1, { text: "x".repeat(8_000) }), false)
    dispatcher.take(madeReceived(2, { text: "y".repeat(8_000) }), false)
    clock.move(50)
    dispatcher.prompted(given[0] ?? "")
    dispatcher.rested()
    wait("rewake")
    clock.move(50)

    assert.deepStrictEqual(given.map((text) => /x{9}|y{9}/.exec(text)?.[0][0]), ["x", "y"])
    assert.isAtMost(given[0]?.length ?? 0, 10_000)
  })

  it("neither wakes nor shows what is low, not to be disturbed by, or withdrawn", () => {
    const { clock, dispatcher, given } = makeWaited()
    dispatcher.take(madeReceived(1, { priority: "low" }), false)
    const withdrawn = madeReceived(2)
    dispatcher.take(withdrawn, false)
    dispatcher.withdraw(keyOf(withdrawn))
    clock.move(1_000)
    dispatcher.revise(madeSession({ status: "dnd" }))
    dispatcher.take(madeReceived(3), false)
    clock.move(1_000)

    assert.strictEqual(given.length, 0)
  })
})
