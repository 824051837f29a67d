import { MADE_AT, makeMesh, memberOf, messageIdOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { Delivery } from "../../outbox/delivery.ts"
import { Outbox } from "../../outbox/outbox.ts"
import { outgoing } from "../../testing/accepted.ts"
import { admitAll } from "../../testing/under_way.ts"
import { layerMadeLocalApi, madeClient } from "../../testing/made_local_api.ts"
import type { DaemonCalls } from "../client.ts"

const made = makeMesh("messages_handlers", ["ada", "bob"])
const mesh = made.membership.mesh
const daemon = layerMadeLocalApi(made, "ada")

type ShowQuery = Parameters<DaemonCalls["messages"]["show"]>[0]["query"]

describe("messages", () => {
  it.effect("are accepted, and shown as they are", () =>
    Effect.gen(function*() {
      const { messages } = yield* madeClient

      const sent = yield* messages.send({ headers: {}, payload: { to: "bob", text: "hello" } })
      const shown = yield* messages.show({ params: { id: sent.id.slice(0, 20) }, query: {} })

      assert.deepStrictEqual({ ...shown, duplicate: false }, sent)
      assert.deepInclude(sent, { direction: "sent", to: "bob", state: "queued", text: "hello" })
      assert.strictEqual(yield* Outbox.use(({ open }) => open(mesh)), 1)
    }).pipe(Effect.provide(daemon)))

  it.effect("are new (202), waiting (202) or known (200), by an id as by a key", () =>
    Effect.gen(function*() {
      const { messages } = yield* madeClient
      const id = messageIdOf(1)
      const byId = { headers: {}, payload: { to: "bob", text: "hello", id } }
      const byKey = {
        headers: { "idempotency-key": "deploy 42" },
        payload: { to: "bob", text: "hello" }
      }
      const answerTo = Effect.fnUntraced(function*(request: typeof byId | typeof byKey) {
        const [answer, { status }] = yield* messages.send({
          ...request,
          responseMode: "decoded-and-response"
        })
        return [status, answer.duplicate, answer.state]
      })
      for (const request of [byId, byKey]) {
        assert.deepStrictEqual(yield* answerTo(request), [202, false, "queued"])
        assert.deepStrictEqual(yield* answerTo(request), [202, true, "queued"])
      }

      yield* admitAll

      for (const request of [byId, byKey]) {
        assert.deepStrictEqual(yield* answerTo(request), [200, true, "admitted"])
      }
    }).pipe(Effect.provide(daemon)))

  it.effect("are refused with 409 under an id that is another's, or has ended", () =>
    Effect.gen(function*() {
      const { messages } = yield* madeClient
      const id = messageIdOf(1)
      const hello = { headers: {}, payload: { to: "bob", text: "hello", id } }
      yield* messages.send(hello)

      const other = yield* Effect.flip(
        messages.send({ ...hello, payload: { ...hello.payload, text: "bye" } })
      )
      yield* Delivery.use(({ reject }) =>
        Effect.flatMap(outgoing(id), (row) => reject(row, "quota"))
      )
      const ended = yield* Effect.flip(messages.send(hello))

      assert.deepInclude(other, { code: "id_reused" })
      assert.deepInclude(ended, {
        code: "message_ended",
        message: `Cannot send message "${id}" again: it is dead (quota)`
      })
    }).pipe(Effect.provide(daemon)))

  it.effect("are ours where a peer sends one under the same id, and theirs where it is said", () =>
    Effect.gen(function*() {
      const { messages } = yield* madeClient
      const sql = yield* SqlClient.SqlClient
      const { id } = yield* messages.send({ headers: {}, payload: { to: "bob", text: "hello" } })
      yield* sql`INSERT INTO inbox ${
        sql.insert({
          mesh,
          sender: memberOf(made, "bob").device,
          id,
          commitment: "A",
          meta: "{\"priority\":\"next\"}",
          text: "bye",
          sentAt: MADE_AT,
          receivedAt: MADE_AT
        })
      }`
      const shown = Effect.fnUntraced(function*(query: ShowQuery) {
        return (yield* messages.show({ params: { id: id.slice(0, 20) }, query })).text
      })

      assert.strictEqual(yield* shown({}), "hello")
      assert.strictEqual(yield* shown({ direction: "sent", mesh: "home" }), "hello")
      assert.strictEqual(yield* shown({ direction: "received" }), "bye")
      assert.strictEqual(yield* shown({ from: "bob" }), "bye")
      assert.deepInclude(yield* Effect.flip(shown({ from: "bob", direction: "sent" })), {
        code: "usage"
      })
    }).pipe(Effect.provide(daemon)))

  it.effect("are refused with their code and candidates", () =>
    Effect.gen(function*() {
      const { messages } = yield* madeClient

      const refusal = yield* Effect.flip(
        messages.send({ headers: {}, payload: { to: "bop", text: "hello" } })
      )

      assert.deepInclude(refusal, { code: "unknown_name", candidates: ["bob"] })
    }).pipe(Effect.provide(daemon)))
})
