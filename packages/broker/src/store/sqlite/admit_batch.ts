/**
 * Admits a batch of envelopes over prepared statements, within the caller's transaction.
 *
 * Each device is looked up once per batch and written back once at its end, so
 * that one message costs four statements however many there are.
 *
 * @module
 */
import type { DeviceId, EnvelopeHeader, MeshId } from "@claudemesh/protocol"
import type { Prepare } from "@claudemesh/sqlite"
import type { Admission, AdmissionOutcome, Placed } from "../log_store.ts"

/** A device's row while a batch is under way. */
interface DeviceRow {
  readonly num: number
  readonly live: boolean
  sseqFloor: number
  logEnd: number
  changed: boolean
}

/** The outcomes are in the order of the batch; a refusal writes nothing. */
export function admitBatch(
  prepare: Prepare,
  batch: ReadonlyArray<Admission>
): ReadonlyArray<AdmissionOutcome> {
  const devices = lookUpDevices(prepare)
  const outcomes = batch.map((admission) => admit(prepare, admission, devices.find))
  devices.writeBack()
  return outcomes
}

type DeviceOf = (mesh: MeshId, device: DeviceId) => DeviceRow | undefined

function admit(prepare: Prepare, admission: Admission, deviceOf: DeviceOf): AdmissionOutcome {
  const { header } = admission
  const sender = deviceOf(header.mesh, header.from.device)
  if (sender === undefined || !sender.live) return { type: "revoked_sender" }
  const before = knownAs(prepare, sender, header)
  if (before !== undefined) return { type: before }
  const recipients: Array<DeviceRow> = []
  for (const { device } of header.to) {
    const recipient = deviceOf(header.mesh, device)
    if (recipient === undefined || !recipient.live) return { type: "unknown_recipient", device }
    recipients.push(recipient)
  }
  return { type: "admitted", placed: place(prepare, admission, { sender, recipients }) }
}

/** Whether the id was admitted before: this very attempt, or with other content. */
function knownAs(prepare: Prepare, sender: DeviceRow, { attempt, commit, id }: EnvelopeHeader) {
  const rows = prepare("SELECT attempt, commitment FROM dedupes WHERE num = ? AND id = ?")
    .all(sender.num, id)
  if (rows.some(({ commitment }) => commitment !== commit)) return "id_reused"
  return rows.some((row) => row["attempt"] === attempt) ? "repeated" : undefined
}

function place(
  prepare: Prepare,
  { header, now, text }: Admission,
  { recipients, sender }: {
    readonly sender: DeviceRow
    readonly recipients: ReadonlyArray<DeviceRow>
  }
): ReadonlyArray<Placed> {
  prepare("INSERT INTO dedupes (num, id, attempt, commitment, admitted_at) VALUES (?, ?, ?, ?, ?)")
    .run(sender.num, header.id, header.attempt, header.commit, now)
  const body = prepare("INSERT INTO bodies (envelope, expires_at) VALUES (?, ?)")
    .run(text, now + header.ttl).lastInsertRowid
  const insert = prepare("INSERT INTO entries (num, seq, body) VALUES (?, ?, ?)")
  const placed = header.to.map(({ device, sseq }, at): Placed => {
    const recipient = recipients[at] ?? sender // `recipients` is as long as `header.to`
    recipient.logEnd += 1
    recipient.changed = true
    sender.sseqFloor = Math.max(sender.sseqFloor, sseq)
    insert.run(recipient.num, recipient.logEnd, body)
    return { device, seq: recipient.logEnd }
  })
  sender.changed = true
  return placed
}

function lookUpDevices(prepare: Prepare) {
  const rows = new Map<string, DeviceRow | undefined>()
  const select = prepare(
    "SELECT num, live, sseq_floor, log_end FROM devices WHERE mesh = ? AND device = ?"
  )
  const update = prepare("UPDATE devices SET sseq_floor = ?, log_end = ? WHERE num = ?")

  function find(mesh: MeshId, device: DeviceId): DeviceRow | undefined {
    const key = `${mesh}${device}`
    if (!rows.has(key)) rows.set(key, toDeviceRow(select.get(mesh, device)))
    return rows.get(key)
  }

  function writeBack(): void {
    for (const row of rows.values()) {
      if (row?.changed === true) update.run(row.sseqFloor, row.logEnd, row.num)
    }
  }

  return { find, writeBack }
}

function toDeviceRow(row: Record<string, unknown> | undefined): DeviceRow | undefined {
  if (row === undefined) return undefined
  return {
    num: Number(row["num"]),
    live: row["live"] === 1,
    sseqFloor: Number(row["sseq_floor"]),
    logEnd: Number(row["log_end"]),
    changed: false
  }
}
