/**
 * Logs in Postgres.
 *
 * @module
 */
import { Effect, Layer } from "effect"
import { BrokerLimits } from "../../broker_limits.ts"
import { type AttachedMailbox, LogStore, type Mailbox } from "../log_store.ts"
import { toEntry } from "../stored_rows.ts"
import { acknowledge } from "./acknowledge.ts"
import { admitBatch } from "./admit_batch.ts"
import { dropDedupes, dropExpired, dropSurplus, inTurn } from "./sweep.ts"
import { makeRead, makeTransact } from "./transact.ts"
import type { Query } from "./transaction.ts"

/** Needs a migrated database. */
export const layer = Layer.effect(
  LogStore,
  Effect.gen(function*() {
    const transact = yield* makeTransact
    const read = yield* makeRead
    const limits = yield* BrokerLimits

    const sweep: LogStore["Service"]["sweep"] = Effect.fn("LogStore.sweep")(function*(options) {
      const { rowsMax } = options
      const surplus = { rowsMax, readBytesMax: limits.mailboxReadBytesMax }
      const expired = yield* transact((query) => inTurn(query, dropExpired(query, options)))
      const read = yield* transact((query) => inTurn(query, dropSurplus(query, surplus)))
      const dedupes = yield* transact((query) => inTurn(query, dropDedupes(query, options)))
      return { entries: expired + read, dedupes }
    })

    return {
      attach: (mailbox) => transact((query) => attach(query, mailbox)),
      admit: (batch) => transact((query) => admitBatch(query, batch, limits)),
      acknowledge: (acks) => transact((query) => acknowledge(query, acks)),
      read: ({ device, mesh }, after, limit) =>
        Effect.map(read(READ, [mesh, device, after, limit]), (rows) => rows.map(toEntry)),
      sweep
    }
  })
)

const READ = `
  SELECT seq, envelope, expires_at FROM devices JOIN entries USING (num) JOIN bodies USING (body)
  WHERE mesh = $1 AND device = $2 AND seq > $3::bigint ORDER BY seq LIMIT $4::int`

const attach = Effect.fnUntraced(function*(query: Query, { device, mesh }: Mailbox) {
  const [row] = yield* query(
    `SELECT num, sseq_floor, log_end, acked FROM devices
     WHERE mesh = $1 AND device = $2 AND live FOR NO KEY UPDATE`,
    [mesh, device]
  )
  if (row === undefined) return undefined
  const [counted] = yield* query(COUNT, [device, row["num"]])
  return {
    epoch: Number(counted?.["epoch"]),
    sseqFloor: Number(row["sseq_floor"]),
    end: Number(row["log_end"]),
    acked: Number(row["acked"])
  } satisfies AttachedMailbox
})

const COUNT = `
  WITH counted AS (
    INSERT INTO attach_epochs (device, epoch) VALUES ($1, 1)
    ON CONFLICT (device) DO UPDATE SET epoch = attach_epochs.epoch + 1 RETURNING epoch
  )
  UPDATE devices SET attach_epoch = epoch FROM counted WHERE num = $2::bigint RETURNING epoch`
