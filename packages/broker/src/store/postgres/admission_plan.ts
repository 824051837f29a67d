/**
 * Decides a batch of envelopes in order, over what its transaction has locked and read, and collects what to write.
 *
 * @module
 */
import {
  admitted,
  type AdmittedBefore,
  decide,
  type Lookups,
  type Placement
} from "../admission_decision.ts"
import type { Admission, AdmissionOutcome } from "../log_store.ts"
import type { Quotas } from "../quotas.ts"
import type { LockedDevice, LockedDevices } from "./locked_device.ts"

/** An envelope that was admitted before, by its sender's number and its id. */
export interface KnownEnvelope extends AdmittedBefore {
  readonly num: number
  readonly id: string
}

/** What is known when a batch is decided. */
export interface Known {
  readonly quotas: Quotas
  readonly find: LockedDevices
  readonly before: ReadonlyArray<KnownEnvelope>
  /** What lies unread, by mesh. */
  readonly unread: ReadonlyMap<string, number>
}

/** An envelope to write, with its sender and the entry that it is in each mailbox. */
export interface PlannedBody extends Pick<Placement<LockedDevice>, "sender" | "entries"> {
  readonly admission: Admission
}

/** Lives as long as one run of its transaction. */
export class AdmissionPlan {
  readonly bodies: Array<PlannedBody> = []
  /** Bytes that are unread now and were not there before, by mesh. */
  readonly added = new Map<string, number>()
  readonly #lookups: Lookups<LockedDevice>
  readonly #before = new Map<string, Array<AdmittedBefore>>()

  constructor({ before, find, quotas, unread }: Known) {
    this.#lookups = {
      quotas,
      find,
      admittedBefore: ({ num }, id) => this.#before.get(keyOf(num, id)) ?? [],
      unreadOf: (mesh) => (unread.get(mesh) ?? 0) + (this.added.get(mesh) ?? 0)
    }
    for (const row of before) this.#remember(row)
  }

  /** Decides the next one; a refusal changes nothing. */
  decide(admission: Admission): AdmissionOutcome {
    const decision = decide(this.#lookups, admission)
    if (decision.type !== "placed") return decision
    this.#place(admission, decision)
    return admitted(decision)
  }

  #place(admission: Admission, { entries, sender, sseqFloor }: Placement<LockedDevice>): void {
    const { header: { attempt, commit: commitment, id, mesh }, text: { length: bytes } } = admission
    this.#remember({ num: sender.num, id, attempt, commitment })
    for (const { recipient, seq } of entries) {
      recipient.logEnd = seq
      recipient.unreadEntries += 1
      recipient.unreadBytes += bytes
      recipient.changed = true
    }
    const sum = bytes * entries.length
    sender.sseqFloor = sseqFloor
    sender.sentBytes += sum
    sender.changed = true
    this.added.set(mesh, (this.added.get(mesh) ?? 0) + sum)
    this.bodies.push({ admission, sender, entries })
  }

  #remember({ attempt, commitment, id, num }: KnownEnvelope): void {
    const key = keyOf(num, id)
    const rows = this.#before.get(key)
    if (rows === undefined) this.#before.set(key, [{ attempt, commitment }])
    else rows.push({ attempt, commitment })
  }
}

function keyOf(num: number, id: string): string {
  return `${num} ${id}`
}
