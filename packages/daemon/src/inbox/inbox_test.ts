import { type Meta, type Opened, openEnvelope } from "@claudemesh/protocol"
import { fromUtf8 } from "@claudemesh/protocol/crypto"
import {
  layerSeededRandom,
  makeMesh,
  memberOf,
  messageIdOf,
  openContextOf,
  sealBetween
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Result, SubscriptionRef } from "effect"
import { SqlClient } from "effect/sql"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { Inbox } from "./inbox.ts"

const made = makeMesh("inbox", ["ada", "bob", "cy"])
const mesh = made.membership.mesh
const daemon = Layer.provide(layerMadeDaemon(made, "bob"), layerSeededRandom("inbox"))

/** A message to bob with that number, as id and in its stream. */
function opened(number: number, text: string, { from = "ada", id = number, ...meta }: {
  readonly from?: string
  readonly id?: number
  readonly subject?: string
} = {}): Opened {
  const device = memberOf(made, "bob").device
  const all: Meta = { priority: "next", ...meta }
  const envelope = sealBetween(made, { from, to: ["bob"], text }, {
    meta: all,
    draft: { id: messageIdOf(id), to: [{ device, sseq: number }] }
  })
  return Result.getOrThrow(openEnvelope(envelope, openContextOf(made, "bob")))
}

/** Names the message of that number from ada. */
function keyOf(number: number) {
  return { mesh, sender: memberOf(made, "ada").device, id: messageIdOf(number) }
}

function put(message: Opened) {
  return Inbox.use((inbox) => inbox.put(message, fromUtf8(message.content) ?? ""))
}

function texts(query: { readonly unread?: boolean; readonly limit?: number } = {}) {
  return Inbox.use(({ list }) =>
    Effect.map(
      list({ mesh, unread: false, limit: 10, ...query }),
      (rows) => rows.map(({ text }) => text)
    )
  )
}

describe("Inbox.put", () => {
  it.effect("stores a message with what was said about it", () =>
    Effect.gen(function*() {
      const message = opened(1, "hello", { subject: "greeting" })

      const row = yield* put(message)

      assert.isNotString(row)
      if (typeof row === "string") return
      assert.deepInclude(row, {
        mesh,
        sender: memberOf(made, "ada").device,
        id: messageIdOf(1),
        commitment: message.envelope.header.commit,
        meta: { priority: "next", subject: "greeting" },
        text: "hello",
        readAt: null
      })
    }).pipe(Effect.provide(daemon)))

  it.effect("stores a message once, however often it comes and is sealed", () =>
    Effect.gen(function*() {
      const message = opened(1, "hello")
      yield* put(message)

      assert.strictEqual(yield* put(message), "duplicate")
      assert.deepStrictEqual(yield* texts(), ["hello"])
    }).pipe(Effect.provide(daemon)))

  it.effect("refuses other words under a known id, and keeps the first", () =>
    Effect.gen(function*() {
      yield* put(opened(1, "hello"))

      assert.strictEqual(yield* put(opened(2, "bye", { id: 1 })), "id_reused")
      assert.deepStrictEqual(yield* texts(), ["hello"])
    }).pipe(Effect.provide(daemon)))

  it.effect("refuses a new id under a number that has come already", () =>
    Effect.gen(function*() {
      yield* put(opened(1, "hello"))

      assert.strictEqual(yield* put(opened(1, "old", { id: 2 })), "replayed")
      assert.deepStrictEqual(yield* texts(), ["hello"])
    }).pipe(Effect.provide(daemon)))

  it.effect("takes the same id from two senders for two messages", () =>
    Effect.gen(function*() {
      yield* put(opened(1, "from ada"))

      assert.isNotString(yield* put(opened(1, "from cy", { from: "cy" })))
      assert.deepStrictEqual(yield* texts(), ["from ada", "from cy"])
    }).pipe(Effect.provide(daemon)))
})

describe("Inbox.list", () => {
  it.effect("gives the newest that match, oldest first", () =>
    Effect.gen(function*() {
      yield* Effect.forEach([1, 2, 3], (number) => put(opened(number, `${number}`)))
      yield* Inbox.use(({ read }) => read([keyOf(3)]))

      assert.deepStrictEqual(yield* texts({ limit: 2 }), ["2", "3"])
      assert.deepStrictEqual(yield* texts({ unread: true }), ["1", "2"])
    }).pipe(Effect.provide(daemon)))
})

describe("Inbox", () => {
  it.effect("counts what is unread, and marks each as read once", () =>
    Effect.gen(function*() {
      const { read, unread } = yield* Inbox
      yield* Effect.forEach([1, 2, 3], (number) => put(opened(number, `${number}`)))
      assert.strictEqual(yield* unread({ mesh }), 3)

      assert.strictEqual(yield* read([keyOf(1), keyOf(2), keyOf(9)]), 2)
      assert.strictEqual(yield* read([keyOf(1)]), 0)
      assert.strictEqual(yield* read([]), 0)
      assert.strictEqual(yield* unread({ mesh: undefined }), 1)
    }).pipe(Effect.provide(daemon)))

  it.effect("finds messages by the beginning of their ids, five at the most", () =>
    Effect.gen(function*() {
      const { byPrefix } = yield* Inbox
      yield* Effect.forEach([1, 2, 3, 4, 5, 6], (number) => put(opened(number, `${number}`)))

      const [one, ...others] = yield* byPrefix(messageIdOf(3))

      assert.strictEqual(one?.text, "3")
      assert.lengthOf(others, 0)
      assert.lengthOf(yield* byPrefix(messageIdOf(1).slice(0, 20)), 5)
      assert.lengthOf(yield* byPrefix("ffffff"), 0)
      assert.lengthOf(yield* byPrefix(messageIdOf(3), []), 0)
      assert.lengthOf(yield* byPrefix(messageIdOf(3), [keyOf(3).sender]), 1)
    }).pipe(Effect.provide(daemon)))

  it.effect("wakes whoever tells senders, and owes each stage of a message once", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const { dues, owe } = yield* Inbox
      const due = {
        mesh,
        sender: memberOf(made, "ada").device,
        id: messageIdOf(1),
        commit: "A".repeat(43),
        stage: "inboxed",
        at: 1
      } as const

      yield* owe(due)
      yield* owe({ ...due, at: 2 })

      assert.strictEqual(yield* SubscriptionRef.get(dues), 2)
      assert.deepStrictEqual(yield* sql`SELECT stage, at FROM receipts_due`, [
        { stage: "inboxed", at: 2 }
      ])
    }).pipe(Effect.provide(daemon)))

  it.effect("forgets everything of a mesh that was left", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const { forget } = yield* Inbox
      yield* put(opened(3, "hello"))

      yield* forget(mesh)

      assert.deepStrictEqual(yield* texts(), [])
      assert.deepStrictEqual(yield* sql`SELECT * FROM incoming_streams`, [])
    }).pipe(Effect.provide(daemon)))
})
