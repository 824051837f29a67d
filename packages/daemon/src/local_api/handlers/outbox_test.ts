import type { MessageId } from "@claudemesh/protocol"
import { MADE_AT, makeMesh, memberOf, messageIdOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { Delivery } from "../../outbox/delivery.ts"
import { accepted, outgoing } from "../../testing/accepted.ts"
import { layerMadeLocalApi, madeClient } from "../../testing/made_local_api.ts"
import { admitAll, sign } from "../../testing/under_way.ts"

const made = makeMesh("outbox_handlers", ["ada", "bob"])
const bob = memberOf(made, "bob").device
const daemon = layerMadeLocalApi(made, "ada")

/** One message of each end, and then one that waits and one that the broker has. */
const several = Effect.gen(function*() {
  const { reject } = yield* Delivery
  const dead = yield* accepted({ to: [bob], text: "dead" })
  yield* reject(dead, "too_large")
  const delivered = yield* accepted({ to: [bob], text: "delivered" })
  const admitted = yield* accepted({ to: [bob], text: "admitted" })
  yield* admitAll
  yield* sign(delivered, "inboxed")
  const pending = yield* accepted({ to: [bob], text: "pending" })
  return { admitted, dead, delivered, pending }
})

describe("outbox.list", () => {
  it.effect("refuses to list all of them and only those in one state", () =>
    Effect.gen(function*() {
      const { outbox } = yield* madeClient

      const refusal = yield* Effect.flip(outbox.list({ query: { all: true, state: "dead" } }))

      assert.deepInclude(refusal, { code: "usage" })
    }).pipe(Effect.provide(daemon)))

  it.effect("lists what is on its way, oldest first, and how many have failed", () =>
    Effect.gen(function*() {
      const { outbox } = yield* madeClient
      yield* several

      const { failed, items, more } = yield* outbox.list({ query: {} })

      assert.deepStrictEqual(items.map(({ text }) => text), ["admitted", "pending"])
      assert.deepStrictEqual([failed, more], [1, false])
    }).pipe(Effect.provide(daemon)))

  it.effect("lists a state, or all there is, the newest so many", () =>
    Effect.gen(function*() {
      const { outbox } = yield* madeClient
      yield* several
      const listed = Effect.fnUntraced(
        function*(query: Parameters<typeof outbox.list>[0]["query"]) {
          const { items, more } = yield* outbox.list({ query })
          return [items.map(({ text }) => text), more]
        }
      )

      assert.deepStrictEqual(yield* listed({ state: "dead" }), [["dead"], false])
      assert.deepStrictEqual(yield* listed({ state: "delivered" }), [["delivered"], false])
      assert.deepStrictEqual(yield* listed({ state: "expired" }), [[], false])
      assert.deepStrictEqual(yield* listed({ all: true, mesh: "home", limit: 3 }), [
        ["delivered", "admitted", "pending"],
        true
      ])
    }).pipe(Effect.provide(daemon)))
})

/** A message of bob's that came under that id. */
function received(id: MessageId) {
  return SqlClient.SqlClient.use((sql) =>
    sql`INSERT INTO inbox ${
      sql.insert({
        mesh: made.membership.mesh,
        sender: bob,
        id,
        commitment: "A",
        meta: "{\"priority\":\"next\"}",
        text: "hello",
        sentAt: MADE_AT,
        receivedAt: MADE_AT
      })
    }`
  )
}

function about(id: MessageId) {
  return { params: { id }, query: { mesh: "home" } }
}

describe("outbox.show, cancel and requeue", () => {
  it.effect("show a message by the beginning of its id", () =>
    Effect.gen(function*() {
      const { outbox } = yield* madeClient
      const { pending } = yield* several

      const shown = yield* outbox.show({ params: { id: pending.id.slice(0, 30) }, query: {} })

      assert.deepInclude(shown, { id: pending.id, outbox_state: "pending" })
    }).pipe(Effect.provide(daemon)))

  it.effect("take back what has not left, and show what became of it", () =>
    Effect.gen(function*() {
      const { outbox } = yield* madeClient
      const { admitted, pending } = yield* several

      const cancelled = yield* outbox.cancel({ params: { id: pending.id }, query: {} })
      const refusal = yield* Effect.flip(outbox.cancel({ params: { id: admitted.id }, query: {} }))

      assert.deepInclude(cancelled, { outbox_state: "aborted", state: "aborted" })
      assert.deepInclude(refusal, { code: "already_sent" })
    }).pipe(Effect.provide(daemon)))

  it.effect("send what has ended once more, and show the new one", () =>
    Effect.gen(function*() {
      const { messages, outbox } = yield* madeClient
      const { dead } = yield* several

      const fresh = yield* outbox.requeue({ params: { id: dead.id }, query: {} })
      const old = yield* messages.show({ params: { id: dead.id }, query: {} })

      assert.deepInclude(fresh, { outbox_state: "pending", text: "dead", supersedes: dead.id })
      assert.propertyVal(old, "superseded_by", fresh.id)
      assert.strictEqual((yield* outgoing(dead.id)).state, "aborted")
    }).pipe(Effect.provide(daemon)))

  it.effect("know nothing of what a peer sends under the id of ours", () =>
    Effect.gen(function*() {
      const { outbox } = yield* madeClient
      const { dead, pending } = yield* several
      yield* received(dead.id)
      yield* received(pending.id)

      const shown = yield* outbox.show(about(pending.id))
      const cancelled = yield* outbox.cancel(about(pending.id))
      const fresh = yield* outbox.requeue(about(dead.id))

      assert.deepStrictEqual([shown.text, cancelled.outbox_state], ["pending", "aborted"])
      assert.strictEqual(fresh.supersedes, dead.id)
    }).pipe(Effect.provide(daemon)))

  it.effect("refuse what was received, and what is not there", () =>
    Effect.gen(function*() {
      const { outbox } = yield* madeClient
      const arrived = messageIdOf(7)
      yield* received(arrived)

      for (const id of [arrived, messageIdOf(8)]) {
        const refusal = yield* Effect.flip(outbox.show({ params: { id }, query: {} }))

        assert.deepInclude(refusal, { code: "message_not_found" })
      }
    }).pipe(Effect.provide(daemon)))
})
