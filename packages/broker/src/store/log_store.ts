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
 * An entry is kept until it expires, acknowledged or not, so that a recipient
 * which is restored from a backup gets it again. What its device has not
 * acknowledged is *unread*, and that is bounded (`BrokerLimits`): for each
 * mailbox, for each sender, for each mesh. Of what is read, the oldest goes
 * early where a mailbox keeps much of it; so whoever reads blocks nobody.
 *
 * Each attachment of a mailbox has a number, its epoch. Only under the newest
 * is anything admitted or acknowledged: a broker that was frozen, and a
 * connection that lives on, change nothing for a device that is elsewhere.
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
  /** The attachment of the sender that it came by. */
  readonly epoch: number
  readonly now: number
}

/** Where an envelope was put. */
export interface Placed {
  readonly device: DeviceId
  readonly seq: number
}

/**
 * What became of one envelope. A refusal of one does not touch the others of its batch.
 *
 * Looked for in this order: sender revoked, fenced, known before, a recipient unknown, a mailbox
 * full, the sender's share full, the mesh full. What is full takes no envelope that would exceed its
 * bound; receipts may exceed it by a quarter, because a verdict must get through where no message does.
 */
export type AdmissionOutcome =
  | { readonly type: "admitted"; readonly placed: ReadonlyArray<Placed> }
  | { readonly type: "revoked_sender" }
  /** The sender has attached anew since, here or elsewhere. */
  | { readonly type: "fenced" }
  | { readonly type: "repeated" }
  | { readonly type: "id_reused" }
  | { readonly type: "unknown_recipient"; readonly device: DeviceId }
  | { readonly type: "mailbox_full"; readonly device: DeviceId }
  | { readonly type: "sender_full" }
  | { readonly type: "mesh_full" }

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
  /** The highest number that was acknowledged. */
  readonly acked: number
}

/** A device has everything up to a number; `epoch` is its attachment that says so. */
export interface Acknowledgement {
  readonly mailbox: Mailbox
  readonly epoch: number
  readonly upto: number
}

/** How many rows went. */
export interface Swept {
  readonly entries: number
  readonly dedupes: number
}

/**
 * What goes: entries that expired by `now`, the oldest read ones of a mailbox that keeps more of them
 * than it may, dedupe rows from before `dedupesBefore`; of each at most `rowsMax`. Entries of one
 * envelope expire together, and one to more addressees than that goes by itself.
 */
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
  /**
   * Moves cursors forward, none of them back, in one transaction; answers, in the same order, whether
   * each came by the newest attachment of its mailbox. Of the others nothing is noted.
   */
  readonly acknowledge: (
    acks: ReadonlyArray<Acknowledgement>
  ) => Effect.Effect<ReadonlyArray<boolean>, StoreFailed>
  /** Reads on from a number, in order, at most `limit` entries; some may have expired. */
  readonly read: (
    mailbox: Mailbox,
    after: number,
    limit: number
  ) => Effect.Effect<ReadonlyArray<Entry>, StoreFailed>
  /** Drops what is too old, and what is too much. */
  readonly sweep: (options: SweepOptions) => Effect.Effect<Swept, StoreFailed>
}>()("@claudemesh/broker/store/log_store/LogStore") {}
