import { layerSeededRandom, MADE_AT, makeMesh, memberOf, messageIdOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, PubSub, Ref } from "effect"
import { TestClock } from "effect/testing"
import { SqlClient } from "effect/sql"
import { Meshes } from "../meshes/meshes.ts"
import { accepted, outgoing } from "../testing/accepted.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { outboxStates, streamNumbers } from "../testing/rows.ts"
import { admitAll, beginAll, sign } from "../testing/under_way.ts"
import { Delivery } from "./delivery.ts"
import { Outbox, type Outgoing } from "./outbox.ts"

const made = makeMesh("delivery", ["ada", "bob", "cy"])
const mesh = made.membership.mesh
const bob = memberOf(made, "bob").device
const cy = memberOf(made, "cy").device
const daemon = Layer.provide(layerMadeDaemon(made, "ada"), layerSeededRandom("delivery"))

function recipientStates(message: Outgoing) {
  return Effect.map(outgoing(message.id), ({ recipients }) => recipients.map(({ state }) => state))
}

describe("Delivery.begin", () => {
  it.effect("numbers each recipient's stream densely, in the order of acceptance, apart by class", () =>
    Effect.gen(function*() {
      yield* accepted({ to: [bob] })
      yield* accepted({ to: [bob, cy].toSorted() })
      yield* accepted({ to: [bob], class: "receipt" })
      yield* accepted({ to: [bob] })

      yield* beginAll

      const both = bob < cy ? [[2], [1]] : [[1], [2]]
      assert.deepStrictEqual(yield* streamNumbers, [[1], ...both, [1], [3]])
      assert.deepStrictEqual(yield* outboxStates, [["sending", 0], ["sending", 0], ["sending", 0], [
        "sending",
        0
      ]])
    }).pipe(Effect.provide(daemon)))

  it.effect("keeps the number of a message that is sent again", () =>
    Effect.gen(function*() {
      yield* accepted({ to: [bob] })
      yield* beginAll
      yield* Delivery.use(({ resume }) => resume(mesh))
      yield* accepted({ to: [bob] })

      yield* beginAll

      assert.deepStrictEqual(yield* streamNumbers, [[1], [2]])
    }).pipe(Effect.provide(daemon)))

  it.effect("goes on above the broker's floor where the streams were lost", () =>
    Effect.gen(function*() {
      const { setStore } = yield* Meshes
      yield* setStore(mesh, { storeEpoch: "store-1", sseqFloor: 41 })
      yield* accepted({ to: [bob] })
      yield* accepted({ to: [cy] })
      yield* beginAll
      // What we have sent since then is no loss.
      yield* setStore(mesh, { storeEpoch: "store-1", sseqFloor: 42 })
      yield* accepted({ to: [bob] })

      yield* beginAll

      assert.deepStrictEqual(yield* streamNumbers, [[42], [42], [43]])
    }).pipe(Effect.provide(daemon)))

  it.effect("leaves out what has ended since it was read", () =>
    Effect.gen(function*() {
      const { begin, expire } = yield* Delivery
      const message = yield* accepted({ to: [bob], ttl: 1_000 })
      yield* TestClock.adjust("2 seconds")
      yield* expire

      assert.deepStrictEqual(yield* begin([message]), [])
      assert.deepStrictEqual(yield* outboxStates, [["expired", 0]])
    }).pipe(Effect.provide(daemon)))
})

describe("Delivery.admitted", () => {
  it.effect("keeps a message until it is signed for, and lets a receipt go", () =>
    Effect.gen(function*() {
      const message = yield* accepted({ to: [bob] })
      yield* accepted({ to: [bob], class: "receipt" })

      yield* admitAll

      assert.deepStrictEqual(yield* outboxStates, [["admitted", 0]])
      assert.deepStrictEqual(yield* recipientStates(message), ["admitted"])
    }).pipe(Effect.provide(daemon)))

  it.effect("changes nothing that a receipt has settled already", () =>
    Effect.gen(function*() {
      const message = yield* accepted({ to: [bob] })
      const begun = yield* beginAll
      yield* sign(message, "inboxed")

      yield* Delivery.use(({ admitted }) => admitted(begun))

      assert.deepStrictEqual(yield* outboxStates, [["delivered", 0]])
      assert.deepStrictEqual(yield* recipientStates(message), ["inboxed"])
    }).pipe(Effect.provide(daemon)))
})

describe("Delivery.applyReceipt", () => {
  it.effect("only moves upwards, and notes each step with its time", () =>
    Effect.gen(function*() {
      const { steps } = yield* Outbox
      const message = yield* accepted({ to: [bob] })
      yield* admitAll
      yield* TestClock.adjust("1 second")

      yield* sign(message, "surfaced")
      yield* sign(message, "inboxed")
      yield* sign(message, "surfaced")

      assert.deepStrictEqual(yield* recipientStates(message), ["surfaced"])
      assert.deepStrictEqual(
        (yield* steps(mesh, message.id)).map(({ at, state }) => [state, at - MADE_AT]),
        [["admitted", 0], ["queued", 0], ["surfaced", 1_000]]
      )
    }).pipe(Effect.provide(daemon)))

  it.effect("settles a message once every recipient has signed", () =>
    Effect.gen(function*() {
      const message = yield* accepted({ to: [bob, cy] })
      yield* admitAll

      yield* sign(message, "inboxed")
      assert.deepStrictEqual(yield* outboxStates, [["admitted", 0]])
      yield* sign(message, "rejected", { by: cy, reason: "undecryptable" })

      assert.deepStrictEqual(yield* outboxStates, [["delivered", 0]])
      const { recipients } = yield* outgoing(message.id)
      assert.strictEqual(recipients.find(({ device }) => device === cy)?.reason, "undecryptable")
    }).pipe(Effect.provide(daemon)))

  it.effect("ignores other words, strangers and unknown messages", () =>
    Effect.gen(function*() {
      const message = yield* accepted({ to: [bob] })
      yield* admitAll

      yield* sign(message, "inboxed", { commit: "A".repeat(43) })
      yield* sign(message, "inboxed", { by: cy })
      yield* sign({ ...message, id: messageIdOf(99) }, "inboxed")

      assert.deepStrictEqual(yield* recipientStates(message), ["admitted"])
    }).pipe(Effect.provide(daemon)))

  it.effect("takes proof of arrival after the time ran out", () =>
    Effect.gen(function*() {
      const message = yield* accepted({ to: [bob], ttl: 1_000 })
      yield* admitAll
      yield* TestClock.adjust("2 seconds")
      yield* Delivery.use(({ expire }) => expire)

      yield* sign(message, "inboxed")

      assert.deepStrictEqual(yield* recipientStates(message), ["inboxed"])
      assert.deepStrictEqual(yield* outboxStates, [["delivered", 0]])
    }).pipe(Effect.provide(daemon)))

  it.effect("tells whoever follows the progress", () =>
    Effect.gen(function*() {
      const { progress } = yield* Outbox
      const message = yield* accepted({ to: [bob] })
      const subscription = yield* PubSub.subscribe(progress)

      yield* sign(message, "inboxed")

      assert.deepStrictEqual(yield* PubSub.take(subscription), { mesh, id: message.id })
    }).pipe(Effect.provide(daemon)))
})

describe("Delivery", () => {
  it.effect("sends again after a lost connection what was under way, and no more", () =>
    Effect.gen(function*() {
      const { resume } = yield* Delivery
      yield* accepted({ to: [bob] })
      yield* admitAll
      yield* accepted({ to: [bob] })
      yield* beginAll

      yield* resume(mesh)

      assert.deepStrictEqual(yield* outboxStates, [["admitted", 0], ["pending", 0]])
    }).pipe(Effect.provide(daemon)))

  it.effect("offers again after a lost store all that nobody has signed for", () =>
    Effect.gen(function*() {
      const { reoffer } = yield* Delivery
      const signed = yield* accepted({ to: [bob] })
      yield* accepted({ to: [bob] })
      yield* admitAll
      yield* sign(signed, "inboxed")

      yield* reoffer(mesh)

      assert.deepStrictEqual(yield* outboxStates, [["delivered", 0], ["pending", 0]])
    }).pipe(Effect.provide(daemon)))

  it.effect("keeps the place of what could not be sent now", () =>
    Effect.gen(function*() {
      const { postpone } = yield* Delivery
      const { pending } = yield* Outbox
      const first = yield* accepted({ to: [bob] })
      yield* beginAll
      const second = yield* accepted({ to: [bob] })

      yield* postpone(first, { code: "overloaded", delayMillis: 0 })

      const waiting = yield* pending(mesh, { after: 0, limit: 10 })
      assert.deepStrictEqual(waiting.map(({ id }) => id), [first.id, second.id])
    }).pipe(Effect.provide(daemon)))

  it.effect("rejects for every recipient, with the reason; a receipt just goes", () =>
    Effect.gen(function*() {
      const { reject } = yield* Delivery
      const message = yield* accepted({ to: [bob, cy] })
      const receipt = yield* accepted({ to: [bob], class: "receipt" })

      yield* reject(message, "unknown_recipient")
      yield* reject(receipt, "unknown_recipient")

      assert.deepStrictEqual(yield* outboxStates, [["dead", 0]])
      const { recipients } = yield* outgoing(message.id)
      assert.deepStrictEqual(recipients.map(({ reason, state }) => [state, reason]), [
        ["rejected", "unknown_recipient"],
        ["rejected", "unknown_recipient"]
      ])
    }).pipe(Effect.provide(daemon)))

  it.effect("has nothing under way when it starts, whatever its last run left", () =>
    Effect.gen(function*() {
      yield* accepted({ to: [bob] })
      yield* accepted({ to: [bob] })
      yield* admitAll
      yield* accepted({ to: [bob] })
      yield* beginAll
      assert.strictEqual((yield* outboxStates)[2]?.[0], "sending")

      yield* Effect.provide(Delivery, Layer.fresh(Delivery.layer))

      assert.deepStrictEqual(yield* outboxStates, [["admitted", 0], ["admitted", 0], [
        "pending",
        0
      ]])
    }).pipe(Effect.provide(daemon)))

  it.effect("is dead when every recipient has refused it, and delivered when one has it", () =>
    Effect.gen(function*() {
      const refusedByBoth = yield* accepted({ to: [bob, cy] })
      const partly = yield* accepted({ to: [bob, cy] })
      yield* admitAll

      yield* sign(refusedByBoth, "rejected", { by: bob, reason: "undecryptable" })
      yield* sign(refusedByBoth, "rejected", { by: cy, reason: "undecryptable" })
      yield* sign(partly, "rejected", { by: bob, reason: "undecryptable" })
      yield* sign(partly, "inboxed", { by: cy })

      assert.deepInclude(yield* outgoing(refusedByBoth.id), {
        state: "dead",
        reason: "undecryptable"
      })
      assert.deepInclude(yield* outgoing(partly.id), { state: "delivered", reason: null })
    }).pipe(Effect.provide(daemon)))

  it.effect("leaves what a person has ended as it is, and shows that it came after all", () =>
    Effect.gen(function*() {
      const { end } = yield* Delivery
      const message = yield* accepted({ to: [bob] })
      yield* admitAll
      yield* end(message, { state: "aborted" })
      assert.deepStrictEqual(yield* recipientStates(message), ["aborted"])

      yield* sign(message, "inboxed")

      assert.deepStrictEqual(yield* outboxStates, [["aborted", 0]])
      assert.deepStrictEqual(yield* recipientStates(message), ["inboxed"])
    }).pipe(Effect.provide(daemon)))

  it.effect("ends what has outlived its time, once", () =>
    Effect.gen(function*() {
      const { expire } = yield* Delivery
      const short = yield* accepted({ to: [bob], ttl: 1_000 })
      yield* accepted({ to: [bob], ttl: 10_000 })
      yield* admitAll
      yield* TestClock.adjust("1001 millis")

      assert.strictEqual(yield* expire, 1)
      assert.strictEqual(yield* expire, 0)
      assert.deepStrictEqual(yield* outboxStates, [["expired", 0], ["admitted", 0]])
      assert.deepStrictEqual(yield* recipientStates(short), ["expired"])
    }).pipe(Effect.provide(daemon)))

  it.effect("has all looked at again that waits behind what has ended", () =>
    Effect.gen(function*() {
      const { expire, postpone } = yield* Delivery
      const looks = Outbox.use(({ returned }) => Ref.get(returned))
      yield* accepted({ to: [bob], ttl: 1_000 })
      const waiting = yield* accepted({ to: [cy] })
      yield* postpone(waiting, { code: "store_full", delayMillis: 30_000 })
      const before = yield* looks

      yield* sign(waiting, "inboxed")
      assert.strictEqual(yield* looks, before + 1)

      yield* TestClock.adjust("1001 millis")
      yield* expire
      assert.strictEqual(yield* looks, before + 2)
      yield* expire
      assert.strictEqual(yield* looks, before + 2)
    }).pipe(Effect.provide(daemon)))

  it.effect("forgets everything of a mesh that was left", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const { forget } = yield* Delivery
      yield* accepted({ to: [bob] })
      yield* beginAll

      yield* forget(mesh)

      const tables = ["outbox", "outbox_recipients", "outbox_steps", "outgoing_streams"]
      for (const table of tables) {
        assert.deepStrictEqual(yield* sql`SELECT * FROM ${sql(table)}`, [], table)
      }
    }).pipe(Effect.provide(daemon)))
})
