import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { HandDispatcher } from "./testing/hand_dispatcher.ts"
import { settled } from "./testing/hand_pipe.ts"
import { madeReceived } from "./testing/made_received.ts"

describe("SocketCarrier", () => {
  it("posts again as it was what left no evidence, without what has come since", () => {
    const { clock, dispatcher, posts } = new HandDispatcher()
    dispatcher.take(madeReceived(1), false)
    clock.move(10_000)
    dispatcher.take(madeReceived(2), false)

    clock.move(32_000)

    assert.strictEqual(posts.length, 4)
    assert.strictEqual(posts[2]?.text, posts[0]?.text)
  })

  it("has a notice that names an older post say nothing", () => {
    const { clock, dispatcher, posts, reported } = new HandDispatcher()
    dispatcher.take(madeReceived(1), false)
    clock.move(30_050)
    const before = reported.length

    dispatcher.noticed("held", ["post 1"])

    assert.strictEqual(posts.length, 2)
    assert.strictEqual(reported.length, before)
  })

  it.effect("leaves it to others from the start where the client's inbox cannot be reached", () =>
    Effect.gen(function*() {
      const { clock, dispatcher, given, posts, wait } = new HandDispatcher({ reach: "closed" })
      yield* settled
      assert.isTrue(dispatcher.awaits("rewake"))
      wait("rewake")
      dispatcher.take(madeReceived(1), false)
      clock.move(50)

      assert.deepStrictEqual([posts.length, given.length], [0, 1])
    }))
})
