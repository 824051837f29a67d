import { limits } from "@claudemesh/protocol"
import { fromUtf8 } from "@claudemesh/protocol/crypto"
import type { SendMessage } from "@claudemesh/protocol/local_api"
import {
  appended,
  layerSeededRandom,
  makeMesh,
  memberOf,
  messageIdOf,
  revocationOf,
  withJoined
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { MessageIndex } from "../messages/message_index.ts"
import { Meshes } from "../meshes/meshes.ts"
import { outgoing } from "../testing/accepted.ts"
import { arrived } from "../testing/arrived.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { identityOf } from "../testing/made_identity.ts"
import { Outbox } from "./outbox.ts"
import { Send } from "./send.ts"

const made = makeMesh("send", ["ada", "bob", "cy", "dan"])
const daemon = Send.layer.pipe(
  Layer.provide(MessageIndex.layer),
  Layer.provideMerge(layerMadeDaemon(made, "ada")),
  Layer.provide(layerSeededRandom("send"))
)

const hello: SendMessage = { to: "bob", text: "hello" }

describe("Send.send", () => {
  it.effect("accepts a message for all devices of whoever is meant", () =>
    Effect.gen(function*() {
      const { send } = yield* Send

      const { id } = yield* send({ ...hello, subject: "greeting", priority: "now" })

      const message = yield* outgoing(id)
      assert.strictEqual(fromUtf8(message.content), "hello")
      assert.deepStrictEqual(message.meta, { priority: "now", subject: "greeting" })
      assert.strictEqual(message.addressed, "bob")
      assert.strictEqual(message.ttl, limits.ttlMillisDefault)
      assert.deepStrictEqual(
        message.recipients.map(({ device }) => device),
        [memberOf(made, "bob").device]
      )
    }).pipe(Effect.provide(daemon)))

  it.effect("answers a repeat with the same message", () =>
    Effect.gen(function*() {
      const { send } = yield* Send
      const again = { ...hello, id: messageIdOf(1) }

      const first = yield* send(again)

      assert.deepStrictEqual(first.isRepeat, false)
      assert.deepStrictEqual(yield* send(again), { ...first, isRepeat: true })
      assert.strictEqual((yield* Effect.flip(send({ ...again, text: "bye" }))).code, "id_reused")
    }).pipe(Effect.provide(daemon)))

  it.effect("answers a repeat also when another mesh is the current one", () =>
    Effect.gen(function*() {
      const { send } = yield* Send
      const { add, use } = yield* Meshes
      const first = { ...hello, id: messageIdOf(1) }
      const sent = yield* send(first)
      const other = makeMesh("send-2", ["ada", "bob"])
      yield* use((yield* add(identityOf(other, "ada"), other.statements)).id)

      assert.deepStrictEqual(yield* send(first), { ...sent, isRepeat: true })
      assert.strictEqual((yield* send(hello)).mesh, other.membership.mesh)
    }).pipe(Effect.provide(daemon)))

  it.effect("takes the same key for the same message, in whatever mesh it is asked", () =>
    Effect.gen(function*() {
      const { send } = yield* Send
      const { add, use } = yield* Meshes
      const sent = yield* send(hello, { key: "deploy 42" })
      const other = makeMesh("send-3", ["ada", "bob"])
      yield* use((yield* add(identityOf(other, "ada"), other.statements)).id)

      assert.deepStrictEqual(yield* send(hello, { key: "deploy 42" }), { ...sent, isRepeat: true })
      assert.isFalse((yield* send(hello, { key: "deploy 43" })).isRepeat)
    }).pipe(Effect.provide(daemon)))

  it.effect("takes a hundred sends at once under one key for one message", () =>
    Effect.gen(function*() {
      const { send } = yield* Send

      const answers = yield* Effect.replicateEffect(send(hello, { key: "deploy 42" }), 100, {
        concurrency: "unbounded"
      })

      assert.strictEqual(new Set(answers.map(({ id }) => id)).size, 1)
      assert.strictEqual(yield* Outbox.use(({ open }) => open(made.membership.mesh)), 1)
    }).pipe(Effect.provide(daemon)))

  it.effect.each<{ readonly what: string; readonly other: Partial<SendMessage> }>([
    { what: "other words", other: { text: "bye" } },
    { what: "somebody else", other: { to: "cy" } },
    { what: "another id", other: { id: messageIdOf(2) } }
  ])("refuses $what under a known key", ({ other }) =>
    Effect.gen(function*() {
      const { send } = yield* Send
      yield* send({ ...hello, id: messageIdOf(1) }, { key: "deploy 42" })

      const refusal = yield* Effect.flip(send({ ...hello, ...other }, { key: "deploy 42" }))

      assert.strictEqual(refusal.code, "id_reused")
      assert.strictEqual(yield* Outbox.use(({ open }) => open(made.membership.mesh)), 1)
    }).pipe(Effect.provide(daemon)))

  it.effect("takes a repeat to somebody else for another message", () =>
    Effect.gen(function*() {
      const { send } = yield* Send
      const first = { ...hello, id: messageIdOf(1) }
      yield* send(first)

      assert.strictEqual((yield* Effect.flip(send({ ...first, to: "cy" }))).code, "id_reused")
    }).pipe(Effect.provide(daemon)))

  it.effect("answers a repeat also when whom it is for has left, and somebody has the name", () =>
    Effect.gen(function*() {
      const { send } = yield* Send
      const first = { ...hello, id: messageIdOf(1) }
      const sent = yield* send(first)
      const renamed = withJoined(appended(made, revocationOf(made, "ada", "bob")), "bob")
      yield* Meshes.use(({ learn }) => learn(made.membership.mesh, renamed.statements))

      assert.deepStrictEqual(yield* send(first), { ...sent, isRepeat: true })

      const { recipients } = yield* outgoing((yield* send(hello)).id)
      assert.notStrictEqual(recipients[0]?.device, memberOf(made, "bob").device)
    }).pipe(Effect.provide(daemon)))

  it.effect("answers another message by the beginning of its id", () =>
    Effect.gen(function*() {
      const { send } = yield* Send
      const first = yield* send(hello)

      const { id } = yield* send({ ...hello, reply_to: first.id.slice(0, 30) })

      assert.strictEqual((yield* outgoing(id)).meta.reply_to, first.id)
    }).pipe(Effect.provide(daemon)))

  it.effect("answers of several messages of one id that of whom it is for, and no stranger's", () =>
    Effect.gen(function*() {
      const { send } = yield* Send
      const [mesh, answered] = [made.membership.mesh, messageIdOf(1)]
      yield* arrived({ mesh, sender: memberOf(made, "bob").device, id: answered })
      yield* arrived({ mesh, sender: memberOf(made, "cy").device, id: answered })

      const { id } = yield* send({ ...hello, reply_to: answered })
      const refusal = yield* Effect.flip(send({ ...hello, to: "dan", reply_to: answered }))

      assert.strictEqual((yield* outgoing(id)).meta.reply_to, answered)
      assert.strictEqual(refusal.code, "ambiguous_name")
      assert.lengthOf(refusal.candidates ?? [], 2)
    }).pipe(Effect.provide(daemon)))

  it.effect.each([
    { what: "nothing", message: { text: "" }, code: "empty_message" },
    { what: "a NUL", message: { text: "a\0b" }, code: "not_text" },
    { what: "half a character", message: { text: "a\ud800" }, code: "not_text" },
    {
      what: "too many bytes",
      message: { text: "é".repeat(limits.contentBytesMax / 2 + 1) },
      code: "too_large"
    },
    { what: "a long subject", message: { subject: "x".repeat(201) }, code: "usage" },
    { what: "half a character as subject", message: { subject: "\udc00" }, code: "usage" },
    { what: "no time", message: { ttl_ms: 0 }, code: "usage" },
    { what: "too much time", message: { ttl_ms: limits.ttlMillisMax + 1 }, code: "usage" },
    { what: "oneself", message: { to: "ada" }, code: "self_recipient" },
    { what: "a stranger", message: { to: "eve" }, code: "unknown_name" },
    { what: "another mesh", message: { mesh: "work" }, code: "mesh_not_found" },
    { what: "an unknown message", message: { reply_to: "019b7600" }, code: "message_not_found" }
  ])("refuses $what, and sends nothing", ({ code, message }) =>
    Effect.gen(function*() {
      const { send } = yield* Send

      const refusal = yield* Effect.flip(send({ ...hello, ...message }))

      assert.strictEqual(refusal.code, code)
      assert.strictEqual(yield* Outbox.use(({ open }) => open(made.membership.mesh)), 0)
    }).pipe(Effect.provide(daemon)))

  it.effect("takes as much text as there is room for", () =>
    Effect.gen(function*() {
      const { send } = yield* Send

      const { id } = yield* send({
        ...hello,
        text: "x".repeat(limits.contentBytesMax),
        ttl_ms: 1_000
      })

      assert.strictEqual((yield* outgoing(id)).content.length, limits.contentBytesMax)
    }).pipe(Effect.provide(daemon)))
})
