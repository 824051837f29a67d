/**
 * Logs in SQLite.
 *
 * @module
 */
import type { Prepare } from "@claudemesh/sqlite"
import { Effect, Layer } from "effect"
import { BrokerLimits } from "../../broker_limits.ts"
import { type AttachedMailbox, LogStore, type Mailbox } from "../log_store.ts"
import { toEntry } from "../stored_rows.ts"
import { acknowledge } from "./acknowledge.ts"
import { admitBatch } from "./admit_batch.ts"
import { sweep } from "./sweep.ts"
import { makeRead, makeTransact } from "./transact.ts"

/** Needs a migrated database. */
export const layer = Layer.effect(
  LogStore,
  Effect.gen(function*() {
    const transact = yield* makeTransact
    const readOnly = yield* makeRead
    const limits = yield* BrokerLimits
    return {
      attach: (mailbox) => transact((prepare) => attach(prepare, mailbox)),
      admit: (batch) => transact((prepare) => admitBatch(prepare, batch, limits)),
      acknowledge: (acks) => transact((prepare) => acknowledge(prepare, acks)),
      read: (mailbox, after, limit) =>
        readOnly((prepare) =>
          prepare(
            `SELECT seq, envelope, expires_at
             FROM devices JOIN entries USING (num) JOIN bodies USING (body)
             WHERE mesh = ? AND device = ? AND seq > ? ORDER BY seq LIMIT CAST(? AS INTEGER)`
          ).all(mailbox.mesh, mailbox.device, after, limit).map(toEntry)
        ),
      sweep: (options) => transact((prepare) => sweep(prepare, options, limits.mailboxReadBytesMax))
    }
  })
)

function attach(prepare: Prepare, { device, mesh }: Mailbox): AttachedMailbox | undefined {
  const row = prepare(
    `SELECT num, sseq_floor, log_end, acked FROM devices
     WHERE mesh = ? AND device = ? AND live = 1`
  ).get(mesh, device)
  if (row === undefined) return undefined
  const counted = prepare(
    `INSERT INTO attach_epochs (device, epoch) VALUES (?, 1)
     ON CONFLICT DO UPDATE SET epoch = epoch + 1 RETURNING epoch`
  ).get(device)
  const epoch = Number(counted?.["epoch"])
  prepare("UPDATE devices SET attach_epoch = ? WHERE num = ?").run(epoch, Number(row["num"]))
  return {
    epoch,
    sseqFloor: Number(row["sseq_floor"]),
    end: Number(row["log_end"]),
    acked: Number(row["acked"])
  }
}
