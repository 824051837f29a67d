import { type DeviceId, type MessageId, Name, SessionId } from "@claudemesh/protocol"
import { makeMesh, memberOf, messageIdOf, sealBetween } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, PubSub } from "effect"
import { accepted, outgoing } from "../testing/accepted.ts"
import { layerReceiving, receive } from "../testing/receiving.ts"
import { outboxStates } from "../testing/rows.ts"
import { admitAll, sign } from "../testing/under_way.ts"
import { Delivery } from "./delivery.ts"
import { Outbox, type Outgoing } from "./outbox.ts"

const made = makeMesh("delivery_answered", ["ada", "bob", "cy"])
const mesh = made.membership.mesh
const bob = memberOf(made, "bob").device
const cy = memberOf(made, "cy").device
const daemon = layerReceiving(made, "ada")

/** An answer to that message, of that member. */
function answerTo(id: MessageId, from: string, number = 1) {
  const device = memberOf(made, "ada").device
  const session = {
    id: SessionId.make("00000000-0000-4000-8000-000000000001"),
    name: Name.make("api")
  }
  return sealBetween(made, { from, to: ["ada"], text: "yes" }, {
    meta: { priority: "next", reply_to: id, session },
    draft: { id: messageIdOf(number), to: [{ device, sseq: number }] }
  })
}

/** How far the message is with that device. */
function stateOf({ id }: Outgoing, device: DeviceId) {
  return Effect.map(
    outgoing(id),
    ({ recipients }) => recipients.find((recipient) => recipient.device === device)?.state
  )
}

describe("Delivery.answered", () => {
  it.effect("is known by the answer itself, and of nobody but who answers", () =>
    Effect.gen(function*() {
      const message = yield* accepted({ to: [bob, cy] })
      yield* admitAll
      yield* sign(message, "inboxed", { by: bob })

      yield* receive(answerTo(message.id, "bob"))

      assert.strictEqual(yield* stateOf(message, bob), "answered")
      assert.strictEqual(yield* stateOf(message, cy), "admitted")
      assert.deepStrictEqual(yield* outboxStates, [["admitted", 0]])
    }).pipe(Effect.provide(daemon)))

  it.effect("says of itself that the message has arrived", () =>
    Effect.gen(function*() {
      const message = yield* accepted({ to: [bob] })
      yield* admitAll

      yield* receive(answerTo(message.id, "bob"))

      assert.deepStrictEqual(yield* outboxStates, [["delivered", 0]])
    }).pipe(Effect.provide(daemon)))

  it.effect("may be faster than what the agent's reading leaves, which is kept all the same", () =>
    Effect.gen(function*() {
      const message = yield* accepted({ to: [bob] })
      yield* admitAll
      yield* receive(answerTo(message.id, "bob"))
      yield* sign(message, "inboxed")
      yield* sign(message, "in_context")
      yield* sign(message, "in_context")

      const { steps } = yield* Outbox
      const kept = yield* steps(mesh, message.id)
      assert.sameMembers(kept.map(({ state }) => state), [
        "queued",
        "admitted",
        "inboxed",
        "in_context",
        "answered"
      ])
      assert.strictEqual(yield* stateOf(message, bob), "answered")
    }).pipe(Effect.provide(daemon)))

  it.effect("never goes back, whatever comes after it", () =>
    Effect.gen(function*() {
      const message = yield* accepted({ to: [bob] })
      yield* admitAll
      yield* receive(answerTo(message.id, "bob"))

      yield* sign(message, "in_context")
      yield* sign(message, "rejected", { reason: "undecryptable" })
      yield* receive(answerTo(message.id, "bob", 2))

      assert.strictEqual(yield* stateOf(message, bob), "answered")
    }).pipe(Effect.provide(daemon)))

  it.effect("is told once, however often somebody answers", () =>
    Effect.gen(function*() {
      const { progress } = yield* Outbox
      const message = yield* accepted({ to: [bob] })
      yield* admitAll
      const told = yield* PubSub.subscribe(progress)

      yield* receive(answerTo(message.id, "bob"), answerTo(message.id, "bob", 2))

      assert.lengthOf(yield* PubSub.takeUpTo(told, 10), 1)
    }).pipe(Effect.scoped, Effect.provide(daemon)))

  it.effect("is nothing of an id that is not known, or was not sent to whoever answers", () =>
    Effect.gen(function*() {
      const message = yield* accepted({ to: [bob] })
      yield* admitAll

      yield* receive(answerTo(messageIdOf(99), "bob"), answerTo(message.id, "cy"))

      assert.strictEqual(yield* stateOf(message, bob), "admitted")
    }).pipe(Effect.provide(daemon)))

  it.effect("ends nothing but what somebody has said, whatever a peer claims to answer", () =>
    Effect.gen(function*() {
      const { answered } = yield* Delivery
      const receipt = yield* accepted({ to: [bob], class: "receipt" })

      yield* answered({ mesh, id: receipt.id }, bob)

      assert.deepStrictEqual(yield* outboxStates, [["pending", 0]])
    }).pipe(Effect.provide(daemon)))
})
