/**
 * Keeps the prekey that each device published last.
 *
 * @module
 */
import type { DeviceId, MeshId, Prekey } from "@claudemesh/protocol"
import { Context, type Effect } from "effect"
import type { StoreFailed } from "./store_failed.ts"

export class PrekeyStore extends Context.Service<PrekeyStore, {
  /** Stores a prekey in place of the one before. */
  readonly put: (prekey: Prekey) => Effect.Effect<void, StoreFailed>
  /** The prekeys of those devices that belong to the mesh now and have one. */
  readonly get: (
    mesh: MeshId,
    devices: ReadonlyArray<DeviceId>
  ) => Effect.Effect<ReadonlyArray<Prekey>, StoreFailed>
}>()("@claudemesh/broker/store/prekey_store/PrekeyStore") {}
