/**
 * Decides a batch of envelopes in order, over what its transaction has locked and read, and collects what to write.
 *
 * @module
 */
import type { EnvelopeHeader } from "@claudemesh/protocol"
import type { Admission, AdmissionOutcome, Placed } from "../log_store.ts"
import { fullness, type Quotas } from "../quotas.ts"
import type { LockedDevice, LockedDevices } from "./locked_device.ts"

/** An envelope that was admitted before, by its sender's number and its id. */
export interface AdmittedBefore {
  readonly num: number
  readonly id: string
  readonly attempt: number
  readonly commitment: string
}

/** What is known when a batch is decided. */
export interface Known {
  readonly quotas: Quotas
  readonly find: LockedDevices
  readonly before: ReadonlyArray<AdmittedBefore>
  /** What lies unread, by mesh. */
  readonly unread: ReadonlyMap<string, number>
}

/** An envelope to write, with its sender, and the entry it is in each mailbox. */
export interface PlannedBody {
  readonly admission: Admission
  readonly sender: LockedDevice
  readonly entries: ReadonlyArray<{ readonly num: number; readonly seq: number }>
}

interface Parties {
  readonly sender: LockedDevice
  /** As long as the header's `to`. */
  readonly recipients: ReadonlyArray<LockedDevice>
}

/** Lives as long as one run of its transaction. */
export class AdmissionPlan {
  readonly bodies: Array<PlannedBody> = []
  /** Bytes that are unread now and were not there before, by mesh. */
  readonly added = new Map<string, number>()
  readonly #known: Known
  readonly #before = new Map<string, Array<AdmittedBefore>>()

  constructor(known: Known) {
    this.#known = known
    for (const row of known.before) this.#remember(row)
  }

  /** Decides the next one; a refusal changes nothing. */
  decide(admission: Admission): AdmissionOutcome {
    const { epoch, header } = admission
    const { find } = this.#known
    const sender = find(header.mesh, header.from.device)
    if (sender === undefined || !sender.live) return { type: "revoked_sender" }
    if (sender.attachEpoch !== epoch) return { type: "fenced" }
    const before = this.#knownAs(sender, header)
    if (before !== undefined) return { type: before }
    const recipients: Array<LockedDevice> = []
    for (const { device } of header.to) {
      const recipient = find(header.mesh, device)
      if (recipient === undefined || !recipient.live) return { type: "unknown_recipient", device }
      recipients.push(recipient)
    }
    return this.#full(admission, { sender, recipients }) ??
      { type: "admitted", placed: this.#place(admission, { sender, recipients }) }
  }

  /** Whether the id was admitted before: this very attempt, or with other content. */
  #knownAs({ num }: LockedDevice, { attempt, commit, id }: EnvelopeHeader) {
    const rows = this.#before.get(`${num} ${id}`) ?? []
    if (rows.some(({ commitment }) => commitment !== commit)) return "id_reused"
    return rows.some((row) => row.attempt === attempt) ? "repeated" : undefined
  }

  #full({ header, text }: Admission, { recipients, sender }: Parties) {
    const { quotas, unread } = this.#known
    const lying = {
      mailboxes: recipients.map(({ unreadBytes, unreadEntries }) => ({
        bytes: unreadBytes,
        entries: unreadEntries
      })),
      senderBytes: sender.sentBytes,
      meshBytes: (unread.get(header.mesh) ?? 0) + (this.added.get(header.mesh) ?? 0)
    }
    return fullness(quotas, lying, { header, bytes: text.length })
  }

  #place(admission: Admission, { recipients, sender }: Parties): ReadonlyArray<Placed> {
    const { header, text } = admission
    const bytes = text.length
    const { attempt, commit: commitment, id } = header
    this.#remember({ num: sender.num, id, attempt, commitment })
    const placed = header.to.map(({ device, sseq }, at): Placed => {
      const recipient = recipients[at] ?? sender
      recipient.logEnd += 1
      recipient.unreadEntries += 1
      recipient.unreadBytes += bytes
      recipient.changed = true
      sender.sseqFloor = Math.max(sender.sseqFloor, sseq)
      sender.sentBytes += bytes
      return { device, seq: recipient.logEnd }
    })
    sender.changed = true
    const { mesh } = header
    this.added.set(mesh, (this.added.get(mesh) ?? 0) + bytes * placed.length)
    const entries = placed.map(({ seq }, at) => ({ num: (recipients[at] ?? sender).num, seq }))
    this.bodies.push({ admission, sender, entries })
    return placed
  }

  #remember(row: AdmittedBefore): void {
    const key = `${row.num} ${row.id}`
    const rows = this.#before.get(key)
    if (rows === undefined) this.#before.set(key, [row])
    else rows.push(row)
  }
}
