import type { DeviceId } from "@claudemesh/protocol"
import { MADE_AT, makeMesh, memberOf, messageIdOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { layerMadeLocalApi, madeClient } from "../../testing/made_local_api.ts"

const made = makeMesh("inbox_rows", ["ada", "bob", "cy"])
const mesh = made.membership.mesh
const [bob, cy] = [memberOf(made, "bob").device, memberOf(made, "cy").device]
const daemon = layerMadeLocalApi(made, "ada")

/** Messages that came, numbered so, each a second after the one before. */
const arrived = Effect.fnUntraced(function*(sender: DeviceId, from: number, to: number) {
  const sql = yield* SqlClient.SqlClient
  for (let number = from; number <= to; number++) {
    yield* sql`INSERT INTO inbox ${
      sql.insert({
        mesh,
        sender,
        id: messageIdOf(number),
        commitment: "A",
        meta: "{\"priority\":\"next\"}",
        text: `${number}`,
        sentAt: MADE_AT,
        receivedAt: MADE_AT + number * 1_000
      })
    }`
  }
})

function keyOf(sender: DeviceId, number: number) {
  return { mesh, from_device_id: sender, id: messageIdOf(number) }
}

/** The page that is asked for, as texts, and what is said of it. */
const pageOf = Effect.fnUntraced(function*(query: object) {
  const { messages } = yield* madeClient
  const { items, more, unread } = yield* messages.inbox({ query })
  return { texts: items.map(({ text }) => text), more, unread }
})

describe("messages.inbox", () => {
  it.effect("comes in pages, with word of whether there are older ones", () =>
    Effect.gen(function*() {
      yield* arrived(bob, 1, 25)

      const usual = yield* pageOf({})
      const all = yield* pageOf({ limit: 500 })
      const least = yield* pageOf({ limit: 1 })

      assert.deepStrictEqual([usual.texts.length, usual.more, usual.unread], [20, true, 25])
      assert.strictEqual(usual.texts.at(-1), "25")
      assert.deepStrictEqual([all.texts.length, all.more], [25, false])
      assert.deepStrictEqual(least.texts, ["25"])
    }).pipe(Effect.provide(daemon)))

  it.effect("goes on before a message, until there are no more", () =>
    Effect.gen(function*() {
      yield* arrived(bob, 1, 5)

      const second = yield* pageOf({ limit: 2, before: messageIdOf(4) })
      const last = yield* pageOf({ limit: 2, before: messageIdOf(2) })

      assert.deepStrictEqual(second, { texts: ["2", "3"], more: true, unread: 5 })
      assert.deepStrictEqual(last, { texts: ["1"], more: false, unread: 5 })
    }).pipe(Effect.provide(daemon)))

  it.effect("goes on before the message that was received, or that one sender wrote, of those of one id", () =>
    Effect.gen(function*() {
      const { messages } = yield* madeClient
      yield* messages.send({
        headers: {},
        payload: { to: "bob", text: "hello", id: messageIdOf(2) }
      })
      yield* arrived(bob, 1, 2)
      yield* arrived(cy, 3, 4)

      assert.deepStrictEqual((yield* pageOf({ before: messageIdOf(2) })).texts, ["1"])
      assert.deepStrictEqual((yield* pageOf({ before: messageIdOf(3), from: "bob" })).texts, [
        "1",
        "2"
      ])
      yield* arrived(cy, 2, 2)
      const page = yield* pageOf({ before: messageIdOf(2), from: "cy" })
      assert.deepStrictEqual(page.texts, ["3", "4"])
    }).pipe(Effect.provide(daemon)))

  it.effect("shows what one sender wrote, and what came since a moment", () =>
    Effect.gen(function*() {
      yield* arrived(bob, 1, 2)
      yield* arrived(cy, 3, 4)

      assert.deepStrictEqual((yield* pageOf({ from: "cy" })).texts, ["3", "4"])
      assert.strictEqual((yield* pageOf({ from: "cy" })).unread, 2)
      assert.deepStrictEqual((yield* pageOf({ since: MADE_AT + 2_000 })).texts, ["2", "3", "4"])
      assert.propertyVal(yield* Effect.flip(pageOf({ from: "dan" })), "code", "unknown_name")
    }).pipe(Effect.provide(daemon)))

  it.effect("refuses to begin at what was not received here", () =>
    Effect.gen(function*() {
      const { messages } = yield* madeClient
      const { id } = yield* messages.send({ headers: {}, payload: { to: "bob", text: "hello" } })

      for (const before of [id, messageIdOf(9)]) {
        assert.propertyVal(yield* Effect.flip(pageOf({ before })), "code", "message_not_found")
      }
    }).pipe(Effect.provide(daemon)))
})

describe("messages.read", () => {
  it.effect("marks the messages that are named, and no other of the same id", () =>
    Effect.gen(function*() {
      const { messages } = yield* madeClient
      yield* arrived(bob, 1, 2)
      yield* arrived(cy, 1, 1)

      const payload = { messages: [keyOf(bob, 1), keyOf(bob, 9)] }
      const { changed } = yield* messages.read({ payload })

      assert.strictEqual(changed, 1)
      assert.deepStrictEqual((yield* pageOf({ unread: true })).texts, ["2", "1"])
      assert.strictEqual((yield* messages.read({ payload })).changed, 0)
    }).pipe(Effect.provide(daemon)))

  it.effect("takes as many at once as fit on a page, and refuses thousands", () =>
    Effect.gen(function*() {
      const { messages } = yield* madeClient
      const keys = Array.from({ length: 1_000 }, (_, at) => keyOf(bob, at))

      const { changed } = yield* messages.read({ payload: { messages: keys } })
      const refusal = yield* Effect.flip(
        messages.read({ payload: { messages: [...keys, keyOf(cy, 1)] } })
      )

      assert.strictEqual(changed, 0)
      assert.deepInclude(refusal, { code: "too_large" })
    }).pipe(Effect.provide(daemon)))
})

describe("messages.readAll", () => {
  it.effect("marks all there is, or all of one sender", () =>
    Effect.gen(function*() {
      const { messages } = yield* madeClient
      yield* arrived(bob, 1, 2)
      yield* arrived(cy, 3, 5)

      assert.strictEqual((yield* messages.readAll({ payload: { from: "bob" } })).changed, 2)
      assert.deepStrictEqual((yield* pageOf({ unread: true })).texts, ["3", "4", "5"])
      assert.strictEqual((yield* messages.readAll({ payload: {} })).changed, 3)
      assert.strictEqual((yield* pageOf({})).unread, 0)
    }).pipe(Effect.provide(daemon)))
})
