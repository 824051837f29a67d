/**
 * Decides whether an envelope is admitted, and where it goes: the same for every database.
 *
 * It only looks. Whoever asks writes what was decided into its rows before it
 * asks about the next of the batch, which may depend on it.
 *
 * @module
 */
import type { DeviceId, EnvelopeHeader, MeshId } from "@claudemesh/protocol"
import type { Admission, AdmissionOutcome, Placed } from "./log_store.ts"
import { fullness, type Quotas } from "./quotas.ts"

/** What must be known of a device that sends or is sent to, and of its mailbox. */
export interface Party {
  readonly live: boolean
  readonly attachEpoch: number
  readonly sseqFloor: number
  readonly logEnd: number
  readonly unreadEntries: number
  readonly unreadBytes: number
  readonly sentBytes: number
}

/** An attempt that was admitted before. */
export interface AdmittedBefore {
  readonly attempt: number
  readonly commitment: string
}

/** How a decision looks things up; `Device` is what a store knows of a device. */
export interface Lookups<Device extends Party> {
  readonly quotas: Quotas
  readonly find: (mesh: MeshId, device: DeviceId) => Device | undefined
  /** What the sender had admitted before under an id. */
  readonly admittedBefore: (
    sender: Device,
    id: EnvelopeHeader["id"]
  ) => ReadonlyArray<AdmittedBefore>
  /** Bytes that lie unread in a mesh. */
  readonly unreadOf: (mesh: MeshId) => number
}

/** An entry to write. */
export interface PlannedEntry<Device> extends Placed {
  readonly recipient: Device
}

/** An envelope that is admitted. */
export interface Placement<Device> {
  readonly type: "placed"
  readonly sender: Device
  readonly entries: ReadonlyArray<PlannedEntry<Device>>
  /** The highest number that the sender has used, with this. */
  readonly sseqFloor: number
}

/** Why an envelope is not admitted. */
export type Refusal = Exclude<AdmissionOutcome, { readonly type: "admitted" }>

/** In the order of `AdmissionOutcome`. */
export function decide<Device extends Party>(
  lookups: Lookups<Device>,
  { epoch, header, text }: Admission
): Placement<Device> | Refusal {
  const sender = lookups.find(header.mesh, header.from.device)
  if (sender === undefined || !sender.live) return { type: "revoked_sender" }
  if (sender.attachEpoch !== epoch) return { type: "fenced" }
  const before = knownAs(lookups.admittedBefore(sender, header.id), header)
  if (before !== undefined) return { type: before }
  const addressed: Array<Addressed<Device>> = []
  for (const { device } of header.to) {
    const recipient = lookups.find(header.mesh, device)
    if (recipient === undefined || !recipient.live) return { type: "unknown_recipient", device }
    addressed.push({ device, recipient })
  }
  const unread = {
    mailboxes: addressed.map(mailboxOf),
    senderBytes: sender.sentBytes,
    meshBytes: lookups.unreadOf(header.mesh)
  }
  const full = fullness(lookups.quotas, unread, { class: header.class, bytes: text.length })
  return full ??
    { type: "placed", sender, entries: number(addressed), sseqFloor: floor(sender, header) }
}

/** What is said of an envelope that was placed. */
export function admitted({ entries }: Placement<unknown>): AdmissionOutcome {
  return { type: "admitted", placed: entries.map(({ device, seq }) => ({ device, seq })) }
}

/** Whether the id was admitted before: this very attempt, or with other content. */
function knownAs(rows: ReadonlyArray<AdmittedBefore>, { attempt, commit }: EnvelopeHeader) {
  if (rows.some(({ commitment }) => commitment !== commit)) return "id_reused"
  return rows.some((row) => row.attempt === attempt) ? "repeated" : undefined
}

interface Addressed<Device> {
  readonly device: DeviceId
  readonly recipient: Device
}

function mailboxOf({ device, recipient }: Addressed<Party>) {
  return { device, entries: recipient.unreadEntries, bytes: recipient.unreadBytes }
}

/** Each log goes on by one; twice where a device is addressed twice. */
function number<Device extends Party>(
  addressed: ReadonlyArray<Addressed<Device>>
): ReadonlyArray<PlannedEntry<Device>> {
  const ends = new Map<Device, number>()
  return addressed.map(({ device, recipient }) => {
    const seq = (ends.get(recipient) ?? recipient.logEnd) + 1
    ends.set(recipient, seq)
    return { device, recipient, seq }
  })
}

function floor({ sseqFloor }: Party, { to }: EnvelopeHeader): number {
  return Math.max(sseqFloor, ...to.map(({ sseq }) => sseq))
}
