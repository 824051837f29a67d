import type { DeviceFrame } from "@claudemesh/protocol"
import { makeMesh, messageIdOf, sealBetween } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { LinkLost } from "./broker_transport.ts"
import { makeRequests } from "./requests.ts"

const made = makeMesh("requests", ["ada", "bob"])
const envelope = sealBetween(made, { from: "ada", to: ["bob"], text: "hello" })
const { id } = envelope.header

/** Requests, and what they have sent. */
function makeSent() {
  const sent: Array<DeviceFrame> = []
  const requests = makeRequests((frame) => Effect.sync(() => void sent.push(frame)))
  return { ...requests, sent }
}

describe("makeRequests", () => {
  it.effect("numbers what it sends, and knows its answers by that", () =>
    Effect.gen(function*() {
      const { answered, sent, submit } = makeSent()
      const answers = [
        yield* submit({ type: "send", envelope }),
        yield* submit({ type: "send", envelope })
      ]
      assert.deepStrictEqual(sent.map((frame) => "ref" in frame && frame.ref), [1, 2])

      assert.isTrue(yield* answered({ type: "admitted", ref: 2, id }))
      assert.isFalse(yield* answered({ type: "admitted", ref: 3, id }))
      assert.isFalse(yield* answered({ type: "pong", t: 1 }))

      assert.deepInclude(yield* answers[1] ?? Effect.die("none"), { type: "admitted", ref: 2 })
    }))

  it.effect("takes nothing for an answer that is about another message", () =>
    Effect.gen(function*() {
      const { answered, submit } = makeSent()
      const asking = yield* Effect.forkChild(Effect.flatten(submit({ type: "send", envelope })))
      yield* Effect.yieldNow

      const other = messageIdOf(7)
      yield* answered({ type: "admitted", ref: 1, id: other })
      yield* answered({ type: "refused", ref: 1, id: other, code: "not_permitted", message: "" })
      yield* answered({ type: "admitted", ref: 1, id })

      assert.deepInclude(yield* Fiber.join(asking), { type: "admitted", id })
    }))

  it.effect("takes nothing for an answer that answers another kind of request", () =>
    Effect.gen(function*() {
      const { answered, submit } = makeSent()
      const asking = yield* Effect.forkChild(Effect.flatten(submit({ type: "send", envelope })))
      yield* Effect.yieldNow

      // An old request that came a second time is answered with its own number.
      yield* answered({ type: "prekeys", ref: 1, items: [] })
      yield* answered({ type: "prekey_stored", ref: 1 })
      yield* answered({ type: "admitted", ref: 1, id })

      assert.deepInclude(yield* Fiber.join(asking), { type: "admitted", id })
    }))

  it.effect("fails all that wait when the connection is lost, and whatever is asked after that", () =>
    Effect.gen(function*() {
      const { lost, submit } = makeSent()
      const answer = yield* submit({ type: "send", envelope })

      yield* lost(new LinkLost({ reason: "cut" }))

      yield* Effect.flip(Effect.flatten(submit({ type: "send", envelope })))
      assert.strictEqual(
        (yield* Effect.flip(answer)).message,
        new LinkLost({ reason: "cut" }).message
      )
    }))
})
