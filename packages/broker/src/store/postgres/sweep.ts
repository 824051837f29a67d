/**
 * Drops what is too old or too much, each kind in a transaction of its own.
 *
 * Of several brokers on one database one sweeps at a time; the others find
 * nothing to do. Two at once would choose the same rows and wait for one
 * another, and where each drops one of the last two entries of a body, both
 * would leave the body to the other.
 *
 * @module
 */
import { Effect } from "effect"
import type { SweepOptions } from "../log_store.ts"
import type { Query } from "./transaction.ts"

/** The lock of sweeps, among the advisory locks of the database. */
const TURN = "SELECT pg_try_advisory_xact_lock(hashtext('claudemesh sweep')) AS ours"

/** Runs a sweep if nobody else sweeps; answers with how many rows went. */
export const inTurn = Effect.fnUntraced(function*<E>(
  query: Query,
  sweep: Effect.Effect<number, E>
) {
  const [row] = yield* query(TURN)
  return row?.["ours"] === true ? yield* sweep : 0
})

/**
 * A body goes with its entries; every addressee got the same time to live. One that has more entries
 * than may go at once still goes, alone.
 */
export const dropExpired = Effect.fnUntraced(function*(
  query: Query,
  { now, rowsMax }: SweepOptions
) {
  const expired = yield* query(EXPIRED, [now, rowsMax])
  if (expired.length === 0) return 0
  const bodies = [expired.map(({ body }) => body)]
  yield* query(LOCK_INVOLVED, bodies)
  return yield* countOf(query(DROP_EXPIRED, bodies))
})

const EXPIRED = `
  WITH old AS (
    SELECT body, expires_at, (SELECT count(*) FROM entries WHERE entries.body = bodies.body) AS entries
    FROM bodies WHERE expires_at <= $1::bigint ORDER BY expires_at, body LIMIT $2::int
  ), counted AS (
    SELECT body, sum(entries) OVER turn AS upto, row_number() OVER turn AS at
    FROM old WINDOW turn AS (ORDER BY expires_at, body)
  )
  SELECT body FROM counted WHERE upto <= $2::int OR at = 1`

const LOCK_INVOLVED = `
  WITH dropped AS (SELECT num, sender FROM entries WHERE body = ANY($1::bigint[]))
  SELECT num FROM devices
  WHERE num IN (SELECT num FROM dropped UNION SELECT sender FROM dropped)
  ORDER BY num FOR NO KEY UPDATE OF devices`

const DROP_EXPIRED = `
  WITH gone AS (
    DELETE FROM bodies WHERE body = ANY($1::bigint[])
  ), dropped AS (
    DELETE FROM entries WHERE body = ANY($1::bigint[]) RETURNING num, seq, sender, bytes
  ), placed AS MATERIALIZED (
    SELECT num, mesh, sender, bytes, seq <= acked AS was_read FROM dropped JOIN devices USING (num)
  ), changes (num, entries, unread, read, sent) AS (
    SELECT num, 1, bytes, 0, 0 FROM placed WHERE NOT was_read
    UNION ALL SELECT num, 0, 0, bytes, 0 FROM placed WHERE was_read
    UNION ALL SELECT sender, 0, 0, 0, bytes FROM placed WHERE NOT was_read
  ), sums AS (
    SELECT num, sum(entries)::bigint AS entries, sum(unread)::bigint AS unread,
      sum(read)::bigint AS read, sum(sent)::bigint AS sent
    FROM changes GROUP BY num
  ), counted AS (
    INSERT INTO mesh_unread (mesh, shard, bytes)
    SELECT mesh, pg_backend_pid() % 8, -sum(bytes)::bigint FROM placed WHERE NOT was_read
    GROUP BY mesh ORDER BY mesh
    ON CONFLICT (mesh, shard) DO UPDATE SET bytes = mesh_unread.bytes + excluded.bytes
  ), updated AS (
    UPDATE devices SET unread_entries = unread_entries - sums.entries,
      unread_bytes = unread_bytes - sums.unread, read_bytes = read_bytes - sums.read,
      sent_bytes = sent_bytes - sums.sent
    FROM sums WHERE devices.num = sums.num
  )
  SELECT count(*) FROM dropped`

/** The oldest that was read, where a mailbox keeps more than `readBytesMax` of it. */
export const dropSurplus = Effect.fnUntraced(function*(
  query: Query,
  { readBytesMax, rowsMax }: { readonly readBytesMax: number; readonly rowsMax: number }
) {
  const over = yield* query(
    `SELECT num FROM devices WHERE read_bytes > $1::bigint
     ORDER BY num LIMIT $2::int FOR NO KEY UPDATE`,
    [readBytesMax, rowsMax]
  )
  if (over.length === 0) return 0
  const nums = over.map(({ num }) => num)
  return yield* countOf(query(DROP_SURPLUS, [nums, readBytesMax, rowsMax]))
})

/** What is dropped leaves a mailbox at its bound at last, so that the one that crosses it goes too. */
const DROP_SURPLUS = `
  WITH read AS (
    SELECT entry.*, read_bytes + bytes - sum(bytes) OVER (PARTITION BY entry.num ORDER BY seq)
      AS left_before
    FROM unnest($1::bigint[]) AS over (num) JOIN devices USING (num), LATERAL (
      SELECT num, seq, body, bytes FROM entries
      WHERE entries.num = devices.num AND seq <= acked ORDER BY seq LIMIT $3::int
    ) AS entry
  ), surplus AS MATERIALIZED (
    SELECT num, seq, body, bytes FROM read WHERE left_before > $2::bigint
    ORDER BY num, seq LIMIT $3::int
  ), dropped AS (
    DELETE FROM entries USING surplus
    WHERE entries.num = surplus.num AND entries.seq = surplus.seq
  ), gone AS (
    DELETE FROM bodies USING (SELECT body, count(*) FROM surplus GROUP BY body) AS one
    WHERE bodies.body = one.body
      AND one.count = (SELECT count(*) FROM entries WHERE entries.body = bodies.body)
  ), sums AS (
    SELECT num, sum(bytes)::bigint AS bytes FROM surplus GROUP BY num
  ), updated AS (
    UPDATE devices SET read_bytes = read_bytes - sums.bytes FROM sums WHERE devices.num = sums.num
  )
  SELECT count(*) FROM surplus`

/** What nobody may repeat any more. */
export function dropDedupes(query: Query, { dedupesBefore, rowsMax }: SweepOptions) {
  return countOf(query(DROP_DEDUPES, [dedupesBefore, rowsMax]))
}

const DROP_DEDUPES = `
  WITH old AS MATERIALIZED (
    SELECT num, id, attempt FROM dedupes WHERE admitted_at <= $1::bigint LIMIT $2::int
  ), dropped AS (
    DELETE FROM dedupes USING old
    WHERE (dedupes.num, dedupes.id, dedupes.attempt) = (old.num, old.id, old.attempt)
  )
  SELECT count(*) FROM old`

function countOf(rows: ReturnType<Query>) {
  return Effect.map(rows, ([row]) => Number(row?.["count"]))
}
