import type { Envelope } from "@claudemesh/protocol"
import { toBase64Url } from "@claudemesh/protocol/crypto"
import {
  craftEnvelope,
  flipBase64Url,
  makeMesh,
  memberOf,
  messageIdOf,
  resigned,
  sealBetween,
  withJoined
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber, Layer, Ref } from "effect"
import { TestClock } from "effect/testing"
import { SqlClient } from "effect/sql"
import { HealthNotes } from "../health.ts"
import { type LocalEventContent, LocalEvents } from "../local_api/events.ts"
import { identityOf } from "../testing/made_identity.ts"
import { layerReceiving, readUpto, receive, textsReceived } from "../testing/receiving.ts"
import { dueRows } from "../testing/rows.ts"
import { Receiver } from "./receive.ts"

const made = makeMesh("receive", ["ada", "bob", "cy"])
const bob = identityOf(made, "bob")
const daemon = layerReceiving(made, "bob")

/** A message from ada to bob; its number is its id, and its place in their stream. */
function letter(number: number, text = `${number}`): Envelope {
  return sealBetween(made, { from: "ada", to: ["bob"], text }, { draft: draft(number) })
}

function draft(number: number) {
  return { id: messageIdOf(number), to: [{ device: bob.deviceId, sseq: number }] }
}

/** Who watches, and what they have been told of arrivals. */
const watching = Effect.map(Ref.make<ReadonlyArray<string>>([]), (seen) => {
  function publish(event: LocalEventContent) {
    return event.type === "received"
      ? Ref.update(seen, (all) => [...all, `${event.message.from}: ${event.message.text}`])
      : Effect.void
  }
  const layer = Layer.fresh(Receiver.layer).pipe(
    Layer.provide(Layer.mock(LocalEvents)({ publish }))
  )
  return { layer, seen }
})

describe("Receiver.receive", () => {
  it.effect("stores what has come, in its order, and owes a receipt for each", () =>
    Effect.gen(function*() {
      yield* receive(letter(1), letter(2))

      assert.deepStrictEqual(yield* textsReceived, ["1", "2"])
      assert.strictEqual(yield* readUpto, 2)
      assert.deepStrictEqual(yield* dueRows, [
        { id: messageIdOf(1), stage: "inboxed", reason: null },
        { id: messageIdOf(2), stage: "inboxed", reason: null }
      ])
    }).pipe(Effect.provide(daemon)))

  it.effect("stores a message once, and owes the receipt again", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const hello = letter(1)
      yield* receive(hello)
      yield* sql`DELETE FROM receipts_due`

      yield* receive(hello, hello)

      assert.deepStrictEqual(yield* textsReceived, ["1"])
      assert.deepStrictEqual(yield* dueRows, [
        { id: messageIdOf(1), stage: "inboxed", reason: null }
      ])
    }).pipe(Effect.provide(daemon)))

  it.effect("takes a new message under a number that it has read, and follows the broker back", () =>
    Effect.gen(function*() {
      yield* receive(letter(1), letter(2), letter(3))

      yield* receive(letter(1), letter(4))

      assert.deepStrictEqual(yield* textsReceived, ["1", "2", "3", "4"])
      assert.strictEqual(yield* readUpto, 2)
    }).pipe(Effect.provide(daemon)))

  it.effect("skips what is no envelope, and what follows it arrives", () =>
    Effect.gen(function*() {
      yield* receive({ header: "no" }, null, letter(1))

      assert.deepStrictEqual(yield* textsReceived, ["1"])
      assert.strictEqual(yield* readUpto, 3)
      assert.lengthOf(yield* dueRows, 1)
    }).pipe(Effect.provide(daemon)))

  it.effect("tells watchers of each new message", () =>
    Effect.gen(function*() {
      const hello = letter(1)
      const { layer, seen } = yield* watching

      yield* Effect.provide(receive(hello, hello, letter(2)), layer)

      assert.deepStrictEqual(yield* Ref.get(seen), ["ada: 1", "ada: 2"])
    }).pipe(Effect.provide(daemon)))

  it.effect("tells them also when the connection ends meanwhile", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const { layer, seen } = yield* watching
      const isFree = yield* Deferred.make<void>()
      const busy = yield* Effect.forkChild(sql.withTransaction(Deferred.await(isFree)))
      const receiving = yield* Effect.forkChild(Effect.provide(receive(letter(1)), layer))
      yield* TestClock.adjust("1 millis")

      const ending = yield* Effect.forkChild(Fiber.interrupt(receiving))
      yield* TestClock.adjust("1 millis")
      yield* Deferred.succeed(isFree, undefined)
      yield* Effect.all([Fiber.join(busy), Fiber.join(ending)])

      assert.deepStrictEqual(yield* textsReceived, ["1"])
      assert.deepStrictEqual(yield* Ref.get(seen), ["ada: 1"])
    }).pipe(Effect.provide(daemon)))
})

describe("Receiver.receive, a verdict for each that cannot be accepted", () => {
  const other = makeMesh("elsewhere", ["ada", "bob"])
  const id = messageIdOf(1)
  const sealed = letter(1)

  it.effect.each([
    {
      what: "a flipped bit in the body",
      envelope: { ...sealed, body: flipBase64Url(sealed.body, 999) },
      verdict: "bad_signature"
    },
    {
      what: "a forged signature",
      envelope: resigned(made, "cy", sealed),
      verdict: "bad_signature"
    },
    {
      what: "other words under a known id",
      envelope: sealBetween(made, { from: "ada", to: ["bob"], text: "other" }, {
        draft: { ...draft(2), id }
      }),
      verdict: "id_reused"
    },
    {
      what: "a commitment to other words",
      envelope: craftEnvelope(made, { from: "ada", to: ["bob"], text: "x" }, {
        header: { ...draft(1), commit: toBase64Url(new Uint8Array(32)) }
      }),
      verdict: "commit_mismatch"
    },
    {
      what: "bytes that are no message",
      envelope: craftEnvelope(made, { from: "ada", to: ["bob"], text: "x" }, {
        header: draft(1),
        bytes: new Uint8Array(256).fill(255)
      }),
      verdict: "malformed"
    }
  ])("answers $what", ({ envelope, verdict }) =>
    Effect.gen(function*() {
      const first = verdict === "id_reused" ? [letter(1)] : []

      yield* receive(...first, envelope)

      assert.strictEqual(yield* readUpto, first.length + 1)
      assert.lengthOf(yield* textsReceived, first.length)
      assert.deepStrictEqual(
        (yield* dueRows).filter((due) => due["stage"] === "rejected"),
        [{ id, stage: "rejected", reason: verdict }]
      )
    }).pipe(Effect.provide(daemon)))

  it.effect("answers a message to an erased prekey with the wish to have it sealed again", () =>
    Effect.gen(function*() {
      const erased = { ...memberOf(made, "bob"), prekeyPair: memberOf(made, "cy").prekeyPair }
      const before = { ...made, members: new Map([...made.members, ["bob", erased]]) }

      yield* receive(
        sealBetween(before, { from: "ada", to: ["bob"], text: "x" }, { draft: draft(1) })
      )

      assert.deepStrictEqual(yield* dueRows, [{ id, stage: "rejected", reason: "reseal" }])
    }).pipe(Effect.provide(daemon)))

  it.effect("notes a member that sees another membership log", () =>
    Effect.gen(function*() {
      const ahead = sealBetween(made, { from: "ada", to: ["bob"], text: "x" }, {
        draft: { ...draft(1), log_head: [99, "A".repeat(43)] }
      })

      yield* receive(ahead)

      assert.deepStrictEqual(yield* dueRows, [{ id, stage: "rejected", reason: "membership_fork" }])
      assert.lengthOf(yield* HealthNotes.use(({ all }) => all), 1)
    }).pipe(Effect.provide(daemon)))

  it.effect("takes no stranger's word for another membership log, and owes none an answer", () =>
    Effect.gen(function*() {
      const hello = sealBetween(withJoined(made, "eve"), { from: "eve", to: ["bob"], text: "x" }, {
        draft: draft(1)
      })

      yield* receive(hello)

      assert.deepStrictEqual(yield* dueRows, [])
      assert.lengthOf(yield* HealthNotes.use(({ all }) => all), 0)
    }).pipe(Effect.provide(daemon)))

  it.effect("says nothing to a mesh that is not ours", () =>
    Effect.gen(function*() {
      yield* receive(sealBetween(other, { from: "ada", to: ["bob"], text: "x" }))

      assert.strictEqual(yield* readUpto, 1)
      assert.lengthOf(yield* textsReceived, 0)
    }).pipe(Effect.provide(daemon)))
})

describe("Receiver.receive, whatever a text holds", () => {
  const everything = Array.from({ length: 0x2100 }, (_, code) => String.fromCodePoint(code)).join(
    ""
  )

  it.effect.each([
    ["nothing", ""],
    ["a NUL", "before\0after"],
    ["every character there is at first", everything],
    ["what would be marks of a search, or of SQL", `<b>"'--;*(NEAR/2)</b>`],
    ["as much as fits", "🙂".repeat(8_192)]
  ])("stores it as it was said: %s", ([, text]) =>
    Effect.gen(function*() {
      yield* receive(letter(1, text))

      assert.deepStrictEqual(yield* textsReceived, [text])
    }).pipe(Effect.provide(daemon)))
})

describe("Receiver.receive, one commit", () => {
  it.effect("keeps nothing of a batch that cannot be stored", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* sql`CREATE TRIGGER full BEFORE INSERT ON inbox WHEN NEW.text = '2'
        BEGIN SELECT raise(ABORT, 'the disk is full'); END`

      const exit = yield* Effect.exit(receive(letter(1), letter(2)))

      assert.isTrue(Exit.hasDies(exit))
      assert.lengthOf(yield* textsReceived, 0)
      assert.lengthOf(yield* dueRows, 0)
      assert.strictEqual(yield* readUpto, 0)

      yield* sql`DROP TRIGGER full`
      yield* receive(letter(1), letter(2))
      assert.deepStrictEqual(yield* textsReceived, ["1", "2"])
    }).pipe(Effect.provide(daemon)))
})
