/**
 * Admits a batch of envelopes over prepared statements, within the caller's transaction.
 *
 * Each device is looked up once per batch and written back once at its end, so
 * that one message costs four statements however many there are.
 *
 * @module
 */
import type { Prepare } from "@claudemesh/sqlite"
import {
  admitted,
  type AdmittedBefore,
  decide,
  type Lookups,
  type Placement
} from "../admission_decision.ts"
import type { Admission, AdmissionOutcome } from "../log_store.ts"
import type { Quotas } from "../quotas.ts"
import { type DeviceRow, DeviceRows } from "./device_rows.ts"

/** The outcomes are in the order of the batch; a refusal writes nothing. */
export function admitBatch(
  prepare: Prepare,
  batch: ReadonlyArray<Admission>,
  quotas: Quotas
): ReadonlyArray<AdmissionOutcome> {
  const rows = new DeviceRows(prepare)
  const lookups: Lookups<DeviceRow> = {
    quotas,
    find: (mesh, device) => rows.find(mesh, device),
    admittedBefore: ({ num }, id) => admittedBefore(prepare, num, id),
    unreadOf: (mesh) => rows.unreadOf(mesh)
  }
  const outcomes = batch.map((admission): AdmissionOutcome => {
    const decision = decide(lookups, admission)
    if (decision.type !== "placed") return decision
    write({ prepare, rows }, admission, decision)
    return admitted(decision)
  })
  rows.writeBack()
  return outcomes
}

function admittedBefore(prepare: Prepare, num: number, id: string): ReadonlyArray<AdmittedBefore> {
  return prepare("SELECT attempt, commitment FROM dedupes WHERE num = ? AND id = ?")
    .all(num, id)
    .map((row) => ({ attempt: Number(row["attempt"]), commitment: String(row["commitment"]) }))
}

interface Writing {
  readonly prepare: Prepare
  readonly rows: DeviceRows
}

function write(
  { prepare, rows }: Writing,
  { header, now, text }: Admission,
  { entries, sender, sseqFloor }: Placement<DeviceRow>
): void {
  prepare("INSERT INTO dedupes (num, id, attempt, commitment, admitted_at) VALUES (?, ?, ?, ?, ?)")
    .run(sender.num, header.id, header.attempt, header.commit, now)
  const body = prepare("INSERT INTO bodies (envelope, expires_at) VALUES (?, ?)")
    .run(text, now + header.ttl).lastInsertRowid
  const insert = prepare(
    "INSERT INTO entries (num, seq, body, sender, bytes) VALUES (?, ?, ?, ?, ?)"
  )
  sender.sseqFloor = sseqFloor
  for (const { recipient, seq } of entries) {
    recipient.logEnd = seq
    rows.addUnread(recipient, { sender: sender.num, entries: 1, bytes: text.length })
    insert.run(recipient.num, seq, body, sender.num, text.length)
  }
}
