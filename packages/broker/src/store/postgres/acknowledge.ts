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
  const outcomes = acks.map(({ epoch, mailbox }) => {
    const row = locked.get(nameOf(mailbox))
    return row !== undefined && row.epoch === epoch ? row.num : undefined
  })
  const furthest = new Map<number, number>()
  for (const [at, num] of outcomes.entries()) {
    if (num !== undefined) furthest.set(num, Math.max(acks[at]?.upto ?? 0, furthest.get(num) ?? 0))
  }
  if (furthest.size > 0) {
    yield* query(MOVE, [
      [...furthest.keys()].map(BigInt),
      [...furthest.values()].map(BigInt)
    ])
  }
  return outcomes.map((num) => num !== undefined)
})

/** Whose mail is read there is counted less, so that the senders are locked as well, all in one order. */
const LOCK = `
  WITH asked AS (
    SELECT num, acked, least(upto, log_end) AS upto
    FROM unnest($1::text[], $2::text[], $3::bigint[]) AS asked (mesh, device, upto)
    JOIN devices USING (mesh, device)
  ), involved AS (
    SELECT num FROM asked
    UNION
    SELECT sender FROM asked JOIN entries USING (num) WHERE seq > acked AND seq <= upto
  )
  SELECT num, mesh, device, attach_epoch FROM devices
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
  return { num: Number(row["num"]), epoch: Number(row["attach_epoch"]) }
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
