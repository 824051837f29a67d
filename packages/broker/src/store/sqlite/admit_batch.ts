/**
 * Admits a batch of envelopes over prepared statements, within the caller's transaction.
 *
 * Each device is looked up once per batch and written back once at its end, so
 * that one message costs four statements however many there are.
 *
 * @module
 */
import type { EnvelopeHeader } from "@claudemesh/protocol"
import type { Prepare } from "@claudemesh/sqlite"
import type { Admission, AdmissionOutcome, Placed } from "../log_store.ts"
import { fullness, type Quotas } from "../quotas.ts"
import { type DeviceRow, DeviceRows } from "./device_rows.ts"

/** The outcomes are in the order of the batch; a refusal writes nothing. */
export function admitBatch(
  prepare: Prepare,
  batch: ReadonlyArray<Admission>,
  quotas: Quotas
): ReadonlyArray<AdmissionOutcome> {
  const rows = new DeviceRows(prepare)
  const outcomes = batch.map((admission) => admit({ prepare, rows, quotas }, admission))
  rows.writeBack()
  return outcomes
}

interface Admitting {
  readonly prepare: Prepare
  readonly rows: DeviceRows
  readonly quotas: Quotas
}

/** Who sends, and to whom; `recipients` is as long as the header's `to`. */
interface Parties {
  readonly sender: DeviceRow
  readonly recipients: ReadonlyArray<DeviceRow>
}

function admit(admitting: Admitting, admission: Admission): AdmissionOutcome {
  const { prepare, rows } = admitting
  const { epoch, header } = admission
  const sender = rows.find(header.mesh, header.from.device)
  if (sender === undefined || !sender.live) return { type: "revoked_sender" }
  if (sender.attachEpoch !== epoch) return { type: "fenced" }
  const before = knownAs(prepare, sender, header)
  if (before !== undefined) return { type: before }
  const recipients: Array<DeviceRow> = []
  for (const { device } of header.to) {
    const recipient = rows.find(header.mesh, device)
    if (recipient === undefined || !recipient.live) return { type: "unknown_recipient", device }
    recipients.push(recipient)
  }
  const full = fullnessOf(admitting, admission, { sender, recipients })
  return full ?? { type: "admitted", placed: place(admitting, admission, { sender, recipients }) }
}

/** Whether the id was admitted before: this very attempt, or with other content. */
function knownAs(prepare: Prepare, sender: DeviceRow, { attempt, commit, id }: EnvelopeHeader) {
  const rows = prepare("SELECT attempt, commitment FROM dedupes WHERE num = ? AND id = ?")
    .all(sender.num, id)
  if (rows.some(({ commitment }) => commitment !== commit)) return "id_reused"
  return rows.some((row) => row["attempt"] === attempt) ? "repeated" : undefined
}

function fullnessOf(
  { quotas, rows }: Admitting,
  { header, text }: Admission,
  { recipients, sender }: Parties
) {
  const unread = {
    mailboxes: recipients.map(({ unreadBytes, unreadEntries }) => ({
      bytes: unreadBytes,
      entries: unreadEntries
    })),
    senderBytes: sender.sentBytes,
    meshBytes: rows.unreadOf(header.mesh)
  }
  return fullness(quotas, unread, { header, bytes: text.length })
}

function place(
  { prepare, rows }: Admitting,
  { header, now, text }: Admission,
  { recipients, sender }: Parties
): ReadonlyArray<Placed> {
  prepare("INSERT INTO dedupes (num, id, attempt, commitment, admitted_at) VALUES (?, ?, ?, ?, ?)")
    .run(sender.num, header.id, header.attempt, header.commit, now)
  const body = prepare("INSERT INTO bodies (envelope, expires_at) VALUES (?, ?)")
    .run(text, now + header.ttl).lastInsertRowid
  const insert = prepare(
    "INSERT INTO entries (num, seq, body, sender, bytes) VALUES (?, ?, ?, ?, ?)"
  )
  return header.to.map(({ device, sseq }, at): Placed => {
    const recipient = recipients[at] ?? sender
    recipient.logEnd += 1
    sender.sseqFloor = Math.max(sender.sseqFloor, sseq)
    rows.addUnread(recipient, { sender: sender.num, entries: 1, bytes: text.length })
    insert.run(recipient.num, recipient.logEnd, body, sender.num, text.length)
    return { device, seq: recipient.logEnd }
  })
}
