/**
 * Keeps logs: sealed entries in one order, each admitted once.
 *
 * An envelope enters once however often it is sent: mesh, sending device, id
 * and attempt together are the key, so a retry after a lost answer gets the
 * first answer again, and no device can take another's id. Numbers of one log
 * are dense and never used twice; what has expired keeps its number, so a
 * reader may find a gap where something was, never a hole where something
 * will be. A dedupe row exists if and only if the envelope was admitted.
 *
 * An entry is kept until it expires, acknowledged or not: so a recipient that
 * is restored from a backup gets it again, and acks need no row.
 *
 * @module
 */
import type { DeviceId, EnvelopeHeader, MeshId } from "@claudemesh/protocol"
import { Context, type Effect } from "effect"
import type { StoreFailed } from "./store_failed.ts"

/** One mailbox: a device of one mesh. */
export interface Mailbox {
  readonly mesh: MeshId
  readonly device: DeviceId
}

/** An envelope to admit; `text` is its JSON, `now` the time of the store's clock. */
export interface Admission {
  readonly header: EnvelopeHeader
  readonly text: string
  readonly now: number
}

/** Where an envelope was put. */
export interface Placed {
  readonly device: DeviceId
  readonly seq: number
}

/** What became of one envelope. A refusal of one does not touch the others of its batch. */
export type AdmissionOutcome =
  | { readonly type: "admitted"; readonly placed: ReadonlyArray<Placed> }
  | { readonly type: "repeated" }
  | { readonly type: "id_reused" }
  | { readonly type: "revoked_sender" }
  | { readonly type: "unknown_recipient"; readonly device: DeviceId }

/** An entry as a reader gets it. */
export interface Entry {
  readonly seq: number
  readonly text: string
  readonly expiresAt: number
}

/** What a device is told when it attaches. */
export interface AttachedMailbox {
  /** One more than at any attach of this device before, in any mesh: so (log, epoch) names one attachment. */
  readonly epoch: number
  readonly sseqFloor: number
  /** The number of the last entry. */
  readonly end: number
}

/** How many rows went. */
export interface Swept {
  readonly entries: number
  readonly dedupes: number
}

/** What is too old: entries that expired by `now`, dedupe rows from before `dedupesBefore`. */
export interface SweepOptions {
  readonly now: number
  readonly dedupesBefore: number
  readonly rowsMax: number
}

export class LogStore extends Context.Service<LogStore, {
  /** Counts one more attachment; nothing if the device does not belong to the mesh now. */
  readonly attach: (mailbox: Mailbox) => Effect.Effect<AttachedMailbox | undefined, StoreFailed>
  /** Admits a batch in one transaction, in order; the outcomes are in the same order. */
  readonly admit: (
    batch: ReadonlyArray<Admission>
  ) => Effect.Effect<ReadonlyArray<AdmissionOutcome>, StoreFailed>
  /** Reads on from a number, in order, at most `limit` entries; some may have expired. */
  readonly read: (
    mailbox: Mailbox,
    after: number,
    limit: number
  ) => Effect.Effect<ReadonlyArray<Entry>, StoreFailed>
  /** Drops what is too old. */
  readonly sweep: (options: SweepOptions) => Effect.Effect<Swept, StoreFailed>
}>()("@claudemesh/broker/store/log_store/LogStore") {}
