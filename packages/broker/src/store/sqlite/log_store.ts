/**
 * Logs in SQLite.
 *
 * @module
 */
import type { Prepare } from "@claudemesh/sqlite"
import { Effect, Layer } from "effect"
import {
  type AttachedMailbox,
  type Entry,
  LogStore,
  type Mailbox,
  type SweepOptions,
  type Swept
} from "../log_store.ts"
import { admitBatch } from "./admit_batch.ts"
import { makeRead, makeTransact } from "./transact.ts"

/** Needs a migrated database. */
export const layer = Layer.effect(
  LogStore,
  Effect.gen(function*() {
    const transact = yield* makeTransact
    const readOnly = yield* makeRead
    return {
      attach: (mailbox) => transact((prepare) => attach(prepare, mailbox)),
      admit: (batch) => transact((prepare) => admitBatch(prepare, batch)),
      read: (mailbox, after, limit) =>
        readOnly((prepare) =>
          prepare(
            `SELECT seq, envelope, expires_at
             FROM devices JOIN entries USING (num) JOIN bodies USING (body)
             WHERE mesh = ? AND device = ? AND seq > ? ORDER BY seq LIMIT ?`
          ).all(mailbox.mesh, mailbox.device, after, limit).map(toEntry)
        ),
      sweep: (options) => transact((prepare) => sweep(prepare, options))
    }
  })
)

function attach(prepare: Prepare, { device, mesh }: Mailbox): AttachedMailbox | undefined {
  const row = prepare(
    "SELECT sseq_floor, log_end FROM devices WHERE mesh = ? AND device = ? AND live = 1"
  ).get(mesh, device)
  if (row === undefined) return undefined
  const counted = prepare(
    `INSERT INTO attach_epochs (device, epoch) VALUES (?, 1)
     ON CONFLICT DO UPDATE SET epoch = epoch + 1 RETURNING epoch`
  ).get(device)
  return {
    epoch: Number(counted?.["epoch"]),
    sseqFloor: Number(row["sseq_floor"]),
    end: Number(row["log_end"])
  }
}

function toEntry(row: Record<string, unknown>): Entry {
  return {
    seq: Number(row["seq"]),
    text: String(row["envelope"]),
    expiresAt: Number(row["expires_at"])
  }
}

/** A body goes with its entries; every addressee got the same time to live. */
function sweep(prepare: Prepare, { dedupesBefore, now, rowsMax }: SweepOptions): Swept {
  const expired = prepare(
    "SELECT body FROM bodies WHERE expires_at <= ? ORDER BY expires_at LIMIT ?"
  )
    .all(now, rowsMax)
  const dropEntries = prepare("DELETE FROM entries WHERE body = ?")
  const dropBody = prepare("DELETE FROM bodies WHERE body = ?")
  let entries = 0
  for (const { body } of expired) {
    entries += Number(dropEntries.run(body ?? null).changes)
    dropBody.run(body ?? null)
  }
  const dedupes = prepare(
    `DELETE FROM dedupes WHERE (num, id, attempt) IN (
       SELECT num, id, attempt FROM dedupes WHERE admitted_at <= ? LIMIT ?)`
  ).run(dedupesBefore, rowsMax).changes
  return { entries, dedupes: Number(dedupes) }
}
