/**
 * Keeps the membership logs, and which devices they leave alive, for admission to look up in its own transaction.
 *
 * @module
 */
import type { DeviceId, InviteId, LogHead, MeshId, Statement } from "@claudemesh/protocol"
import { Context, type Effect } from "effect"
import type { StoreFailed } from "./store_failed.ts"

/** Statements that follow a head, and what they change. All of it is stored, or nothing. */
export interface StoredChange {
  readonly mesh: MeshId
  /** Where the log must stand; nothing if the mesh is new. */
  readonly after: LogHead | undefined
  readonly statements: ReadonlyArray<Statement>
  readonly head: LogHead
  readonly devicesAdded: ReadonlyArray<DeviceId>
  readonly devicesEnded: ReadonlyArray<DeviceId>
  readonly invitesAdded: ReadonlyArray<InviteId>
}

export class MembershipStore extends Context.Service<MembershipStore, {
  /** Stores the change if the log still stands where it says; answers whether it did. */
  readonly append: (change: StoredChange) => Effect.Effect<boolean, StoreFailed>
  /** Statements after a number, in order, at most `limit`. */
  readonly read: (
    mesh: MeshId,
    after: number,
    limit: number
  ) => Effect.Effect<ReadonlyArray<Statement>, StoreFailed>
  /** The mesh whose invite this is: the first that said so. */
  readonly meshOfInvite: (invite: InviteId) => Effect.Effect<MeshId | undefined, StoreFailed>
}>()("@claudemesh/broker/store/membership_store/MembershipStore") {}
