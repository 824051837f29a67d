/**
 * Admits a batch of envelopes within the caller's transaction: three statements, however many there are.
 *
 * The first locks every device that sends or is sent to. Only a statement after
 * that sees all that others have admitted of these senders, because each
 * statement sees what was committed before it began.
 *
 * @module
 */
import { Effect } from "effect"
import type { Admission, AdmissionOutcome, Mailbox } from "../log_store.ts"
import type { Quotas } from "../quotas.ts"
import { AdmissionPlan, type KnownEnvelope, type PlannedBody } from "./admission_plan.ts"
import { lockDevices, type LockedDevice, type LockedDevices } from "./locked_device.ts"
import type { Query, Row } from "./transaction.ts"

/** The outcomes are in the order of the batch; a refusal writes nothing. */
export const admitBatch = Effect.fnUntraced(function*(
  query: Query,
  batch: ReadonlyArray<Admission>,
  quotas: Quotas
) {
  const { all, find } = yield* lockDevices(query, batch.flatMap(mailboxesOf))
  const plan = new AdmissionPlan({ quotas, find, ...yield* readKnown(query, batch, find) })
  const outcomes = batch.map((admission): AdmissionOutcome => plan.decide(admission))
  if (plan.bodies.length > 0) yield* write(query, plan, all.filter(({ changed }) => changed))
  return outcomes
})

function mailboxesOf({ header: { from, mesh, to } }: Admission): ReadonlyArray<Mailbox> {
  return [from, ...to].map(({ device }) => ({ mesh, device }))
}

/** Two questions in one: what of these was admitted before, and what lies unread in their meshes. */
const KNOWN = `
  SELECT num, id::text, attempt, commitment, NULL AS mesh, NULL::bigint AS bytes
  FROM unnest($1::bigint[], $2::uuid[]) AS asked (num, id) JOIN dedupes USING (num, id)
  UNION ALL
  SELECT NULL, NULL, NULL, NULL, mesh, sum(bytes)::bigint
  FROM mesh_unread WHERE mesh = ANY($3::text[]) GROUP BY mesh`

const readKnown = Effect.fnUntraced(function*(
  query: Query,
  batch: ReadonlyArray<Admission>,
  find: LockedDevices
) {
  const senders = batch.map(({ header }) => find(header.mesh, header.from.device))
  const rows = yield* query(KNOWN, [
    senders.map((sender) => BigInt(sender?.num ?? 0)),
    batch.map(({ header }) => header.id),
    [...new Set(batch.map(({ header }) => header.mesh))]
  ])
  const ofMeshes = rows.filter(({ mesh }) => mesh !== null)
  return {
    before: rows.filter(({ mesh }) => mesh === null).map(toKnownEnvelope),
    unread: new Map(ofMeshes.map(({ bytes, mesh }) => [String(mesh), Number(bytes)]))
  }
})

function toKnownEnvelope(row: Row): KnownEnvelope {
  return {
    num: Number(row["num"]),
    id: String(row["id"]),
    attempt: Number(row["attempt"]),
    commitment: String(row["commitment"])
  }
}

/** Bodies are numbered by a sequence, because nobody reads on from the number of one. */
const WRITE = `
  WITH numbered AS MATERIALIZED (
    SELECT at, nextval('body_numbers') AS body FROM generate_series(1, $1::int) AS at
  ), written_bodies AS (
    INSERT INTO bodies (body, envelope, expires_at)
    SELECT body, envelope, expires_at
    FROM unnest($2::text[], $3::bigint[]) WITH ORDINALITY AS one (envelope, expires_at, at)
    JOIN numbered USING (at)
  ), written_dedupes AS (
    INSERT INTO dedupes (num, id, attempt, commitment, admitted_at)
    SELECT * FROM unnest($4::bigint[], $5::uuid[], $6::bigint[], $7::text[], $8::bigint[])
  ), written_entries AS (
    INSERT INTO entries (num, seq, body, sender, bytes)
    SELECT num, seq, body, sender, bytes
    FROM unnest($9::bigint[], $10::bigint[], $11::int[], $12::bigint[], $13::bigint[])
      AS one (num, seq, at, sender, bytes)
    JOIN numbered USING (at)
  ), counted AS (
    INSERT INTO mesh_unread (mesh, shard, bytes)
    SELECT mesh, pg_backend_pid() % 8, bytes
    FROM unnest($14::text[], $15::bigint[]) AS one (mesh, bytes) ORDER BY mesh
    ON CONFLICT (mesh, shard) DO UPDATE SET bytes = mesh_unread.bytes + excluded.bytes
  )
  UPDATE devices SET sseq_floor = one.sseq_floor, log_end = one.log_end,
    unread_entries = one.unread_entries, unread_bytes = one.unread_bytes, sent_bytes = one.sent_bytes
  FROM unnest($16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[], $21::bigint[])
    AS one (num, sseq_floor, log_end, unread_entries, unread_bytes, sent_bytes)
  WHERE devices.num = one.num`

function write(
  query: Query,
  { added, bodies }: AdmissionPlan,
  changed: ReadonlyArray<LockedDevice>
) {
  return query(WRITE, [
    bodies.length,
    ...columnsOfBodies(bodies),
    ...columnsOfEntries(bodies),
    [...added.keys()],
    [...added.values()].map(BigInt),
    ...columnsOfDevices(changed)
  ])
}

function columnsOfBodies(bodies: ReadonlyArray<PlannedBody>) {
  const admissions = bodies.map(({ admission }) => admission)
  return [
    admissions.map(({ text }) => text),
    admissions.map(({ header, now }) => BigInt(now + header.ttl)),
    bodies.map(({ sender }) => BigInt(sender.num)),
    admissions.map(({ header }) => header.id),
    admissions.map(({ header }) => BigInt(header.attempt)),
    admissions.map(({ header }) => header.commit),
    admissions.map(({ now }) => BigInt(now))
  ]
}

/** The third says which body it is; they count from one. */
function columnsOfEntries(bodies: ReadonlyArray<PlannedBody>) {
  const entries = bodies.flatMap(({ admission, entries, sender }, at) =>
    entries.map(({ recipient, seq }) => ({ recipient, seq, at: at + 1, sender, admission }))
  )
  return [
    entries.map(({ recipient }) => BigInt(recipient.num)),
    entries.map(({ seq }) => BigInt(seq)),
    entries.map(({ at }) => at),
    entries.map(({ sender }) => BigInt(sender.num)),
    entries.map(({ admission }) => BigInt(admission.text.length))
  ]
}

function columnsOfDevices(devices: ReadonlyArray<LockedDevice>) {
  return [
    devices.map(({ num }) => BigInt(num)),
    devices.map(({ sseqFloor }) => BigInt(sseqFloor)),
    devices.map(({ logEnd }) => BigInt(logEnd)),
    devices.map(({ unreadEntries }) => BigInt(unreadEntries)),
    devices.map(({ unreadBytes }) => BigInt(unreadBytes)),
    devices.map(({ sentBytes }) => BigInt(sentBytes))
  ]
}
