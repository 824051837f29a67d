import { limits, MeshId, ReceiptsContent, verifyReceipt } from "@claudemesh/protocol"
import { fromUtf8 } from "@claudemesh/protocol/crypto"
import { layerSeededRandom, MADE_AT, makeMesh, memberOf, messageIdOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { TestClock } from "effect/testing"
import { SqlClient } from "effect/sql"
import { type DueReceipt, Inbox } from "../inbox/inbox.ts"
import { Outbox } from "../outbox/outbox.ts"
import { layerMadeDaemon } from "../testing/made_daemon.ts"
import { dueRows } from "../testing/rows.ts"
import * as ReceiptSender from "./receipt_sender.ts"

const made = makeMesh("receipts", ["ada", "bob", "cy"])
const mesh = made.membership.mesh
const ada = memberOf(made, "ada")
const cy = memberOf(made, "cy")
const bob = memberOf(made, "bob")
const alone = Layer.provide(layerMadeDaemon(made, "bob"), layerSeededRandom("receipts"))
const daemon = Layer.provideMerge(ReceiptSender.layer, alone)

function owe(number: number, more: Partial<DueReceipt> = {}) {
  return Inbox.use((inbox) =>
    inbox.owe({
      mesh,
      sender: ada.device,
      id: messageIdOf(number),
      commit: "A".repeat(43),
      stage: "inboxed",
      at: MADE_AT,
      ...more
    })
  )
}

const coalesced = TestClock.adjust("50 millis")

/** What waits to be sent: to whom, and the receipts in it. */
const bundles = Effect.gen(function*() {
  const { pending, recipients } = yield* Outbox
  const rows = yield* pending(mesh, { after: 0, limit: 100 })
  return yield* Effect.forEach(
    rows,
    Effect.fnUntraced(function*(row) {
      const { receipts } = yield* Schema.decodeEffect(ReceiptsContent)(fromUtf8(row.content) ?? "")
      const [recipient] = yield* recipients(mesh, row.id)
      return { receipts, row, to: recipient?.device }
    })
  )
})

describe("ReceiptSender.layer", () => {
  it.effect("signs what is due, in one envelope to each sender", () =>
    Effect.gen(function*() {
      yield* owe(1)
      yield* owe(2, { stage: "rejected", reason: "reseal" })
      yield* owe(3, { sender: cy.device })
      assert.lengthOf(yield* bundles, 0)

      yield* coalesced

      const sent = yield* bundles
      assert.sameDeepMembers(sent.map(({ receipts, to }) => [to, receipts.length]), [
        [ada.device, 2],
        [cy.device, 1]
      ])
      for (const { receipts, row, to } of sent) {
        const parties = { mesh, sender: to ?? ada.device, recipient: bob.device }
        assert.isTrue(receipts.every((one) => verifyReceipt(one, parties, bob.record.key)))
        assert.strictEqual(row.class, "receipt")
      }
      assert.lengthOf(yield* dueRows, 0)
    }).pipe(Effect.provide(daemon)))

  it.effect("puts no more into one envelope than it may hold", () =>
    Effect.gen(function*() {
      const count = 2 * limits.receiptsPerEnvelopeMax + 6
      yield* Effect.forEach(Array.from({ length: count }, (_, at) => at), (number) => owe(number))

      yield* coalesced

      const sizes = (yield* bundles).map(({ receipts }) => receipts.length)
      assert.deepStrictEqual(sizes, [
        limits.receiptsPerEnvelopeMax,
        limits.receiptsPerEnvelopeMax,
        6
      ])
    }).pipe(Effect.provide(daemon)))

  it.effect("tells at its start what a crash left behind", () =>
    Effect.gen(function*() {
      yield* owe(1)

      yield* Effect.provide(coalesced, ReceiptSender.layer)

      assert.lengthOf(yield* bundles, 1)
      assert.lengthOf(yield* dueRows, 0)
    }).pipe(Effect.provide(alone)))

  it.effect("drops nothing while the database fails, and tries again by itself", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* sql`CREATE TRIGGER full BEFORE INSERT ON outbox
        BEGIN SELECT raise(ABORT, 'the disk is full'); END`
      yield* owe(1)
      yield* coalesced
      assert.lengthOf(yield* dueRows, 1)

      yield* sql`DROP TRIGGER full`
      yield* TestClock.adjust("5 seconds")

      assert.lengthOf(yield* bundles, 1)
      assert.lengthOf(yield* dueRows, 0)
    }).pipe(Effect.provide(daemon)))

  it.effect("keeps what is due in a mesh whose keys cannot be used, and tells the others", () =>
    Effect.gen(function*() {
      yield* owe(1, { mesh: MeshId.make(`m_${"a".repeat(26)}`) })
      yield* owe(2)

      yield* coalesced

      assert.lengthOf(yield* bundles, 1)
      assert.deepStrictEqual((yield* dueRows).map(({ id }) => id), [messageIdOf(1)])
    }).pipe(Effect.provide(daemon)))
})
