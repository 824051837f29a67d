import { appended, layerSeededRandom, makeMesh, memberOf, revocationOf } from "@claudemesh/testkit"
import { refused } from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { SqlClient } from "effect/sql"
import { Meshes } from "../meshes/meshes.ts"
import { accepted, outgoing } from "../testing/accepted.ts"
import {
  drainAmong,
  layerDraining,
  placesSent,
  refuses,
  settled,
  textsSent
} from "../testing/draining.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { outboxStates } from "../testing/rows.ts"
import { admitAll, beginAll, sign } from "../testing/under_way.ts"
import { Delivery } from "./delivery.ts"
import { isCancellable, makeWithdrawals } from "./withdrawals.ts"

const made = makeMesh("withdrawals", ["ada", "bob", "cy"])
const bob = memberOf(made, "bob").device
const cy = memberOf(made, "cy").device
const daemon = Layer.provide(layerMadeDaemon(made, "ada"), layerSeededRandom("withdrawals"))
const draining = layerDraining(made, "ada")

describe("makeWithdrawals.cancel", () => {
  it.effect("takes back what has not left, and says so of every recipient", () =>
    Effect.gen(function*() {
      const { cancel } = yield* makeWithdrawals
      const message = yield* accepted({ to: [bob, cy] })

      yield* cancel(message)

      const { recipients, state } = yield* outgoing(message.id)
      assert.strictEqual(state, "aborted")
      assert.deepStrictEqual(recipients.map(({ state }) => state), ["aborted", "aborted"])
      assert.deepStrictEqual(yield* beginAll, [])
    }).pipe(Effect.provide(daemon)))

  it.effect("keeps the order of all others", () =>
    Effect.gen(function*() {
      const { cancel } = yield* makeWithdrawals
      yield* accepted({ to: [bob], text: "1" })
      yield* cancel(yield* accepted({ to: [bob], text: "2" }))
      yield* accepted({ to: [bob], text: "3" })

      const { fake } = yield* drainAmong(made)

      assert.deepStrictEqual(textsSent(made, "bob", fake), ["1", "3"])
      assert.deepStrictEqual(placesSent(fake, bob), [{ sseq: 1 }, { sseq: 2, after: 1 }])
    }).pipe(Effect.provide(draining)))

  it.effect("takes back what every broker has refused, and the next one tells of its number", () =>
    Effect.gen(function*() {
      const { cancel } = yield* makeWithdrawals
      const first = yield* accepted({ to: [bob], text: "1" })
      yield* accepted({ to: [bob], text: "2" })
      const { fake } = yield* drainAmong(made, refuses([1, 2], refused("store_full", "Not now")))

      yield* cancel(first)
      yield* settled

      assert.deepStrictEqual(textsSent(made, "bob", fake), ["1", "2", "2"])
      assert.deepStrictEqual(placesSent(fake, bob).at(-1), { sseq: 2, ended: 1 })
    }).pipe(Effect.provide(draining)))

  it.effect("does not take back what a broker may have", () =>
    Effect.gen(function*() {
      const { cancel } = yield* makeWithdrawals
      const message = yield* accepted({ to: [bob] })
      yield* beginAll
      const refusals = [yield* Effect.flip(cancel(message))]
      yield* Delivery.use(({ resume }) => resume(message.mesh))
      refusals.push(yield* Effect.flip(cancel(message)))
      yield* admitAll
      refusals.push(yield* Effect.flip(cancel(message)))

      assert.deepStrictEqual(refusals.map(({ code }) => code), [
        "already_sent",
        "already_sent",
        "already_sent"
      ])
      assert.include(refusals[1]?.message, "it has left, and may have arrived")
      assert.include(refusals[2]?.message, "the broker has it")
      assert.deepStrictEqual(yield* outboxStates, [["admitted", 0]])
    }).pipe(Effect.provide(daemon)))

  it.effect("refuses what is over", () =>
    Effect.gen(function*() {
      const { cancel } = yield* makeWithdrawals
      const message = yield* accepted({ to: [bob] })
      yield* cancel(message)

      const refusal = yield* Effect.flip(cancel(message))

      assert.deepInclude(refusal, {
        code: "message_ended",
        message: `Cannot cancel message "${message.id}": it is aborted`
      })
    }).pipe(Effect.provide(daemon)))
})

describe("makeWithdrawals.requeue", () => {
  it.effect("sends the same once more under a new id, each naming the other", () =>
    Effect.gen(function*() {
      const { requeue } = yield* makeWithdrawals
      const old = yield* accepted({ to: [bob], text: "hello", ttl: 1_000, addressed: "bobby" })
      yield* TestClock.adjust("2 seconds")
      yield* Delivery.use(({ expire }) => expire)

      const { id } = yield* requeue(old)

      const fresh = yield* outgoing(id)
      const { addressed, content, meta, ttl } = old
      assert.deepInclude(fresh, { addressed, content, meta, ttl, supersedes: old.id })
      assert.strictEqual(fresh.state, "pending")
      assert.deepStrictEqual(fresh.recipients.map(({ device }) => device), [bob])
      assert.deepInclude(yield* outgoing(old.id), {
        state: "aborted",
        reason: "expired",
        supersededBy: id
      })
    }).pipe(Effect.provide(daemon)))

  it.effect("takes the last place, so that none is overtaken", () =>
    Effect.gen(function*() {
      const { requeue } = yield* makeWithdrawals
      const old = yield* accepted({ to: [bob], text: "old" })
      yield* Delivery.use(({ reject }) => reject(old, "too_large"))
      yield* accepted({ to: [bob], text: "waiting" })

      yield* requeue(old)
      const { fake } = yield* drainAmong(made)

      assert.deepStrictEqual(textsSent(made, "bob", fake), ["waiting", "old"])
    }).pipe(Effect.provide(draining)))

  it.effect("sends it to those who do not have it, and to nobody twice", () =>
    Effect.gen(function*() {
      const { requeue } = yield* makeWithdrawals
      const old = yield* accepted({ to: [bob, cy] })
      yield* admitAll
      yield* sign(old, "inboxed", { by: bob })
      yield* sign(old, "rejected", { by: cy, reason: "undecryptable" })

      const { id } = yield* requeue(old)

      const { recipients } = yield* outgoing(id)
      assert.deepStrictEqual(recipients.map(({ device }) => device), [cy])
    }).pipe(Effect.provide(daemon)))

  it.effect("refuses what is on its way, what all have, and what was sent once more already", () =>
    Effect.gen(function*() {
      const { requeue } = yield* makeWithdrawals
      const message = yield* accepted({ to: [bob] })
      const waiting = yield* Effect.flip(requeue(message))
      yield* admitAll
      yield* sign(message, "inboxed")
      const delivered = yield* Effect.flip(requeue(message))
      const dead = yield* accepted({ to: [bob] })
      yield* Delivery.use(({ reject }) => reject(dead, "too_large"))
      const { id } = yield* requeue(dead)
      const twice = yield* Effect.flip(requeue(dead))

      assert.deepStrictEqual(
        [waiting, delivered, twice].map(({ code }) => code),
        ["nothing_to_requeue", "nothing_to_requeue", "nothing_to_requeue"]
      )
      assert.include(waiting.message, "it is still on its way (pending)")
      assert.include(delivered.message, "all it is for have it")
      assert.include(twice.message, `"${id}" was sent in its place`)
    }).pipe(Effect.provide(daemon)))

  it.effect("refuses where a device is gone, and leaves the old one as it was", () =>
    Effect.gen(function*() {
      const { requeue } = yield* makeWithdrawals
      const old = yield* accepted({ to: [cy] })
      yield* Delivery.use(({ reject }) => reject(old, "too_large"))
      const shrunk = appended(made, revocationOf(made, "ada", "cy"))
      yield* Meshes.use(({ learn }) => learn(made.membership.mesh, shrunk.statements))

      const refusal = yield* Effect.flip(requeue(old))

      assert.strictEqual(refusal.code, "unknown_recipient")
      assert.deepInclude(yield* outgoing(old.id), { state: "dead", supersededBy: null })
    }).pipe(Effect.provide(daemon)))

  it.effect("changes nothing where the disk is full", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const { requeue } = yield* makeWithdrawals
      const old = yield* accepted({ to: [bob], text: "x".repeat(30_000) })
      yield* Delivery.use(({ reject }) => reject(old, "too_large"))
      yield* sql`PRAGMA max_page_count = 1`

      const refusal = yield* Effect.flip(requeue(old))

      assert.strictEqual(refusal.code, "disk_full")
      assert.deepInclude(yield* outgoing(old.id), { state: "dead", supersededBy: null })
      assert.lengthOf(yield* outboxStates, 1)
    }).pipe(Effect.provide(daemon)))

  it.effect("knows nothing of what was removed", () =>
    Effect.gen(function*() {
      const { cancel, requeue } = yield* makeWithdrawals
      const message = yield* accepted({ to: [bob] })
      yield* Delivery.use(({ forget }) => forget(message.mesh))

      for (const act of [cancel(message), requeue(message)]) {
        assert.strictEqual((yield* Effect.flip(act)).code, "message_not_found")
      }
    }).pipe(Effect.provide(daemon)))
})

describe("isCancellable", () => {
  it.effect("holds until a broker may have it", () =>
    Effect.gen(function*() {
      const message = yield* accepted({ to: [bob] })
      assert.isTrue(isCancellable(message))

      yield* beginAll

      assert.isFalse(isCancellable(yield* outgoing(message.id)))
    }).pipe(Effect.provide(daemon)))
})
