/**
 * Moves cursors within the caller's transaction: what they pass counts as read.
 *
 * @module
 */
import { Effect } from "effect"
import type { Acknowledgement } from "../log_store.ts"
import { nameIn, nameOf } from "./locked_device.ts"
import type { Query, Row } from "./transaction.ts"

/** Answers, for each, whether it was the newest attachment that said so. */
export const acknowledge = Effect.fnUntraced(function*(
  query: Query,
  acks: ReadonlyArray<Acknowledgement>
) {
  const locked = yield* lock(query, acks)
  const furthest = new Map<number, number>()
  const outcomes = acks.map(({ epoch, mailbox, upto }) => {
    const row = locked.get(nameOf(mailbox))
    if (row === undefined || row.epoch !== epoch) return false
    furthest.set(row.num, Math.max(Math.min(upto, row.end), furthest.get(row.num) ?? 0))
    return true
  })
  if (furthest.size > 0) {
    yield* query(MOVE, [
      [...furthest.keys()].map(BigInt),
      [...furthest.values()].map(BigInt)
    ])
  }
  return outcomes
})

/**
 * Whose mail is read there is counted less, so that the senders are locked as well, all in one order. Their mail
 * is what lay there when the statement began. While it waits for a lock more may come, of others whom it does not
 * lock; so "ends" goes into the answer, and nothing beyond is counted.
 */
const LOCK = `
  WITH asked AS (
    SELECT num, acked, log_end, least(upto, log_end) AS upto
    FROM unnest($1::text[], $2::text[], $3::bigint[]) AS asked (mesh, device, upto)
    JOIN devices USING (mesh, device)
  ), ends AS MATERIALIZED (
    SELECT DISTINCT num, log_end AS seen_end FROM asked
  ), involved AS (
    SELECT num FROM asked
    UNION
    SELECT sender FROM asked JOIN entries USING (num) WHERE seq > acked AND seq <= upto
  )
  SELECT num, mesh, device, attach_epoch, seen_end FROM devices LEFT JOIN ends USING (num)
  WHERE num IN (SELECT num FROM involved) ORDER BY num FOR NO KEY UPDATE OF devices`

const lock = Effect.fnUntraced(function*(query: Query, acks: ReadonlyArray<Acknowledgement>) {
  const rows = yield* query(LOCK, [
    acks.map(({ mailbox }) => mailbox.mesh),
    acks.map(({ mailbox }) => mailbox.device),
    acks.map(({ upto }) => BigInt(upto))
  ])
  return new Map(rows.map((row) => [nameIn(row), toLocked(row)]))
})

function toLocked(row: Row) {
  return {
    num: Number(row["num"]),
    epoch: Number(row["attach_epoch"]),
    end: Number(row["seen_end"])
  }
}

const MOVE = `
  WITH moved AS MATERIALIZED (
    SELECT num, mesh, acked, least(upto, log_end) AS upto
    FROM unnest($1::bigint[], $2::bigint[]) AS asked (num, upto) JOIN devices USING (num)
    WHERE least(upto, log_end) > acked
  ), passed AS MATERIALIZED (
    SELECT num, mesh, sender, count(*) AS entries, sum(bytes)::bigint AS bytes
    FROM moved JOIN entries USING (num) WHERE seq > acked AND seq <= upto
    GROUP BY num, mesh, sender
  ), changes (num, entries, bytes, sent) AS (
    SELECT num, entries, bytes, 0 FROM passed
    UNION ALL SELECT sender, 0, 0, bytes FROM passed
    UNION ALL SELECT num, 0, 0, 0 FROM moved
  ), sums AS (
    SELECT num, sum(entries)::bigint AS entries, sum(bytes)::bigint AS bytes, sum(sent)::bigint AS sent
    FROM changes GROUP BY num
  ), counted AS (
    INSERT INTO mesh_unread (mesh, shard, bytes)
    SELECT mesh, pg_backend_pid() % 8, -sum(bytes)::bigint FROM passed GROUP BY mesh ORDER BY mesh
    ON CONFLICT (mesh, shard) DO UPDATE SET bytes = mesh_unread.bytes + excluded.bytes
  )
  UPDATE devices SET acked = coalesce(moved.upto, devices.acked),
    unread_entries = unread_entries - sums.entries, unread_bytes = unread_bytes - sums.bytes,
    read_bytes = read_bytes + sums.bytes, sent_bytes = sent_bytes - sums.sent
  FROM sums LEFT JOIN moved USING (num)
  WHERE devices.num = sums.num`
