/**
 * Tells senders how far their messages got: what is due is signed, bundled per sender, and put into the outbox.
 *
 * Waits a moment so that several stages travel as one envelope. What is due is
 * in the database, so a crash only delays it.
 *
 * @module
 */
import {
  CodeText,
  type DeviceId,
  limits,
  type MeshId,
  MessageId,
  type Receipt,
  ReceiptsContent,
  ReceiptStage,
  signReceipt
} from "@claudemesh/protocol"
import { utf8 } from "@claudemesh/protocol/crypto"
import { Effect, Layer, Option, Schedule, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import { whenever } from "../counter.ts"
import { Inbox } from "../inbox/inbox.ts"
import { Meshes } from "../meshes/meshes.ts"
import { Outbox } from "../outbox/outbox.ts"

/** How long stages wait for others to the same sender. */
const COALESCE = "50 millis"

/** How soon it is tried again after the database failed. */
const TRY_AGAIN = "5 seconds"

/** Bundles whenever something is due, and once at the start for what a crash left behind. */
export const layer = Layer.effectDiscard(
  Effect.gen(function*() {
    const inbox = yield* Inbox
    const { bundle } = yield* makeBundle
    const bundled = bundle.pipe(
      Effect.sandbox,
      Effect.tapError((cause) => Effect.logError("Could not bundle receipts", cause)),
      Effect.retry(Schedule.spaced(TRY_AGAIN)),
      Effect.ignore
    )
    yield* whenever(inbox.dues, Effect.delay(bundled, COALESCE)).pipe(
      Effect.annotateLogs({ service: "ReceiptSender" }),
      Effect.forkScoped
    )
  })
)

const DueRow = Schema.Struct({
  id: MessageId,
  commitment: Schema.String,
  stage: ReceiptStage,
  reason: Schema.NullOr(CodeText),
  at: Schema.Int
})

/** Moves everything that is due into the outbox. */
const makeBundle = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const meshes = yield* Meshes
  const outbox = yield* Outbox
  const findDue = SqlSchema.findAll({
    Request: Schema.Struct({ mesh: Schema.String, sender: Schema.String }),
    Result: DueRow,
    execute: ({ mesh, sender }) =>
      sql`SELECT id, commitment, stage, reason, at FROM receipts_due
        WHERE mesh = ${mesh} AND sender = ${sender} ORDER BY at, id LIMIT CAST(${limits.receiptsPerEnvelopeMax} AS INTEGER)`
  })

  /** One envelope to one sender; answers whether there may be more to tell it. */
  const tell = Effect.fnUntraced(function*(mesh: MeshId, sender: DeviceId) {
    const found = Option.getOrUndefined(yield* Effect.option(meshes.find(mesh)))
    // Its key file may be mended by the next start.
    if (found === undefined) return false
    const due = yield* findDue({ mesh, sender })
    for (const { id, stage } of due) {
      yield* sql`DELETE FROM receipts_due
        WHERE mesh = ${mesh} AND sender = ${sender} AND id = ${id} AND stage = ${stage}`
    }
    if (due.length === 0) return false
    const parties = { mesh, sender, recipient: found.identity.deviceId }
    const receipts = due.map(({ commitment, reason, ...stage }): Receipt => {
      const unsigned = { ...stage, commit: commitment, ...(reason === null ? {} : { reason }) }
      return signReceipt(unsigned, parties, found.identity.device)
    })
    yield* outbox.accept({
      mesh,
      class: "receipt",
      to: [{ device: sender }],
      addressed: sender,
      meta: { priority: "low" },
      content: utf8(yield* writeReceipts({ receipts })),
      ttl: limits.ttlMillisDefault
    })
    return due.length === limits.receiptsPerEnvelopeMax
  }, sql.withTransaction)

  const bundle = Effect.gen(function*() {
    const senders = yield* sql<{ readonly mesh: MeshId; readonly sender: DeviceId }>`
      SELECT DISTINCT mesh, sender FROM receipts_due`
    for (const { mesh, sender } of senders) {
      yield* Effect.repeat(tell(mesh, sender), { while: (isMore) => isMore })
    }
  })
  return { bundle }
})

const writeReceipts = Schema.encodeEffect(ReceiptsContent)
