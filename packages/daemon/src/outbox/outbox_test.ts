import { MessageId } from "@claudemesh/protocol"
import { utf8 } from "@claudemesh/protocol/crypto"
import { layerSeededRandom, makeMesh, memberOf, messageIdOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, FileSystem, Layer, Option, SubscriptionRef } from "effect"
import { NodeFileSystem } from "@effect/platform-node"
import { SqlClient } from "effect/sql"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { layerMigratedDatabase } from "../testing/migrated_database.ts"
import { Delivery } from "./delivery.ts"
import { Outbox, type OutboxDraft } from "./outbox.ts"

const made = makeMesh("outbox", ["ada", "bob", "cy"])
const mesh = made.membership.mesh
const chance = layerSeededRandom("outbox")
const daemon = Layer.provide(layerMadeDaemon(made, "ada"), chance)

function words(text: string, more: Partial<OutboxDraft> = {}): OutboxDraft {
  return {
    mesh,
    class: "dm",
    to: [{ device: memberOf(made, "bob").device }],
    addressed: "bob",
    meta: { priority: "next" },
    content: utf8(text),
    ttl: 60_000,
    ...more
  }
}

const id = messageIdOf(1)

describe("Outbox.accept", () => {
  it.effect("makes an id where none was given, and wakes whoever sends", () =>
    Effect.gen(function*() {
      const { accept, find, version } = yield* Outbox

      const { id: made } = yield* accept(words("hello"))

      const found = Option.getOrThrow(yield* find({ mesh, id: made }))
      assert.deepStrictEqual(found.content, utf8("hello"))
      assert.strictEqual(found.state, "pending")
      assert.deepStrictEqual(found.recipients.map(({ sseq, state }) => [sseq, state]), [
        [null, "queued"]
      ])
      assert.strictEqual(yield* SubscriptionRef.get(version), 1)
    }).pipe(Effect.provide(daemon)))

  it.effect("wakes whoever sends although whoever asked hangs up", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const { accept, find, version } = yield* Outbox
      const isFree = yield* Deferred.make<void>()
      const busy = yield* Effect.forkChild(sql.withTransaction(Deferred.await(isFree)))
      const asking = yield* Effect.forkChild(accept(words("hello", { id })))
      yield* Effect.yieldNow

      const hangingUp = yield* Effect.forkChild(Fiber.interrupt(asking))
      yield* Effect.yieldNow
      yield* Deferred.succeed(isFree, undefined)
      yield* Effect.all([Fiber.join(busy), Fiber.join(hangingUp)])

      assert.isTrue(Option.isSome(yield* find({ mesh, id })))
      assert.strictEqual(yield* SubscriptionRef.get(version), 1)
    }).pipe(Effect.provide(daemon)))

  it.effect("has committed the message when it answers: another opening of the file has it", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const file = `${yield* fs.makeTempDirectoryScoped()}/daemon.sqlite`
      const run = Layer.fresh(Outbox.layer.pipe(
        Layer.provide(chance),
        Layer.provide(layerMigratedDatabase(file))
      ))
      const { id: accepted } = yield* Outbox.use(({ accept }) => accept(words("hello"))).pipe(
        Effect.provide(run)
      )

      const [again, ...others] = yield* Outbox.use(({ pending }) =>
        pending(mesh, { after: 0, limit: 10 })
      ).pipe(Effect.provide(run))

      assert.strictEqual(again?.id, accepted)
      assert.deepStrictEqual(again?.content, utf8("hello"))
      assert.lengthOf(others, 0)
    }).pipe(Effect.provide(NodeFileSystem.layer)))

  it.effect("takes the same words under the same id for the same message", () =>
    Effect.gen(function*() {
      const { accept, open } = yield* Outbox
      const first = yield* accept(words("hello", { id }))

      const again = yield* accept(words("hello", { id }))

      assert.deepStrictEqual([first, again], [{ id, isRepeat: false }, { id, isRepeat: true }])
      assert.strictEqual(yield* open(mesh), 1)
    }).pipe(Effect.provide(daemon)))

  it.effect("takes a thousand repeats at once for one message", () =>
    Effect.gen(function*() {
      const { accept, open } = yield* Outbox

      const answers = yield* Effect.replicateEffect(accept(words("hello", { id })), 1_000, {
        concurrency: "unbounded"
      })

      assert.deepStrictEqual([...new Set(answers.map((answer) => answer.id))], [id])
      assert.lengthOf(answers.filter(({ isRepeat }) => !isRepeat), 1)
      assert.strictEqual(yield* open(mesh), 1)
    }).pipe(Effect.provide(daemon)))

  it.effect.each([
    { what: "other words", other: words("bye", { id }) },
    {
      what: "another subject",
      other: words("hello", { id, meta: { priority: "next", subject: "x" } })
    },
    { what: "another priority", other: words("hello", { id, meta: { priority: "now" } }) }
  ])("refuses $what under a known id, and keeps the first", ({ other }) =>
    Effect.gen(function*() {
      const { accept, find } = yield* Outbox
      yield* accept(words("hello", { id }))

      const refusal = yield* Effect.flip(accept(other))

      assert.strictEqual(refusal.code, "id_reused")
      const kept = Option.getOrThrow(yield* find({ mesh, id }))
      assert.deepStrictEqual([kept.content, kept.meta], [utf8("hello"), { priority: "next" }])
    }).pipe(Effect.provide(daemon)))

  it.effect("refuses a message that has ended, with its end", () =>
    Effect.gen(function*() {
      const { accept, find } = yield* Outbox
      yield* accept(words("hello", { id }))
      const row = Option.getOrThrow(yield* find({ mesh, id }))
      yield* Delivery.use(({ reject }) => reject(row, "unknown_recipient"))

      const refusal = yield* Effect.flip(accept(words("hello", { id })))

      assert.strictEqual(refusal.code, "message_ended")
      assert.include(refusal.message, "it is dead (unknown_recipient)")
    }).pipe(Effect.provide(daemon)))

  it.effect("refuses with disk_full where the disk is full, and half-writes nothing", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const { accept, find, open } = yield* Outbox
      yield* sql.unsafe("PRAGMA max_page_count = 1")

      const refusal = yield* Effect.flip(accept(words("x".repeat(30_000), { id })))

      assert.strictEqual(refusal.code, "disk_full")
      assert.isTrue(Option.isNone(yield* find({ mesh, id })))
      assert.strictEqual(yield* open(mesh), 0)
    }).pipe(Effect.provide(daemon)))
})

describe("Outbox", () => {
  it.effect("gives what waits in the order of acceptance, after a place, up to a limit", () =>
    Effect.gen(function*() {
      const { accept, pending } = yield* Outbox
      const numbers = [3, 1, 2]
      yield* Effect.forEach(numbers, (number) => accept(words("x", { id: messageIdOf(number) })))

      const all = yield* pending(mesh, { after: 0, limit: 10 })
      const [second] = yield* pending(mesh, { after: all[0]?.position ?? 0, limit: 1 })

      assert.deepStrictEqual(all.map(({ id }) => id), numbers.map(messageIdOf))
      assert.strictEqual(second?.id, messageIdOf(1))
    }).pipe(Effect.provide(daemon)))

  it.effect("finds messages by the beginning of their ids, and no receipts", () =>
    Effect.gen(function*() {
      const { accept, byPrefix, open } = yield* Outbox
      yield* accept(words("x", { id }))
      yield* accept(words("x", { id: messageIdOf(2), class: "receipt" }))

      assert.deepStrictEqual(yield* byPrefix("019b76"), [{ mesh, id }])
      assert.deepStrictEqual(yield* byPrefix("019b77"), [])
      assert.strictEqual(yield* open(mesh), 1)
    }).pipe(Effect.provide(daemon)))

  it.effect("knows nothing of other ids", () =>
    Effect.gen(function*() {
      const { find, recipients, steps } = yield* Outbox
      const unknown = MessageId.make("019b7600-0000-7000-8000-00000000ffff")

      assert.isTrue(Option.isNone(yield* find({ mesh, id: unknown })))
      assert.deepStrictEqual(yield* recipients(mesh, unknown), [])
      assert.deepStrictEqual(yield* steps(mesh, unknown), [])
    }).pipe(Effect.provide(daemon)))
})
