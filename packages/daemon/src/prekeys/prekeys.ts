/**
 * This device's prekeys: what others seal to. Renewed daily, erased after eight days.
 *
 * What is erased can open nothing any more, so a thief of the disk cannot read
 * messages that were recorded longer ago than that.
 *
 * @module
 */
import {
  type MeshId,
  type Prekey,
  type PrekeyId,
  type Refused,
  signPrekey
} from "@claudemesh/protocol"
import { type KemKeyPair, toBase64Url } from "@claudemesh/protocol/crypto"
import { Clock, Context, Effect, Layer, Ref, Semaphore, SubscriptionRef } from "effect"
import type { Identity } from "../identity/identity.ts"
import { KeyRing } from "../identity/key_ring.ts"
import type { OwnPrekey } from "../identity/prekey_file.ts"

/** Age at which a prekey is renewed, and at which it is erased: a message may be a week under way. */
export const RENEW_MILLIS = 24 * 3_600_000
export const ERASE_MILLIS = 8 * RENEW_MILLIS

/** Keeps this device's prekeys fresh. */
export class Prekeys extends Context.Service<Prekeys, {
  /** The newest prekey, signed to be published; a new one if the last is a day old. */
  readonly fresh: (identity: Identity) => Effect.Effect<Prekey, Refused>
  /** Finds private halves of the mesh. */
  readonly finder: (
    mesh: MeshId
  ) => Effect.Effect<(id: PrekeyId) => KemKeyPair | undefined, Refused>
  /** Grows whenever somebody has sealed to a prekey that we do not have: the broker may hand out an old one. */
  readonly misses: SubscriptionRef.SubscriptionRef<number>
  /** Forgets what is kept in memory of a mesh. */
  readonly forget: (mesh: MeshId) => Effect.Effect<void>
}>()("@claudemesh/daemon/prekeys/prekeys") {
  static readonly layer: Layer.Layer<Prekeys, never, KeyRing> = Layer.effect(
    Prekeys,
    Effect.gen(function*() {
      const keys = yield* KeyRing
      const misses = yield* SubscriptionRef.make(0)
      const known = yield* Ref.make<ReadonlyMap<MeshId, ReadonlyArray<OwnPrekey>>>(new Map())

      const read = Effect.fnUntraced(function*(mesh: MeshId) {
        const own = yield* keys.prekeys(mesh)
        yield* Ref.update(known, (map) => new Map([...map, [mesh, own]]))
        return own
      })
      const own = Effect.fnUntraced(function*(mesh: MeshId) {
        return (yield* Ref.get(known)).get(mesh) ?? (yield* read(mesh))
      })
      const oneAtATime = (yield* Semaphore.make(1)).withPermits(1)
      const fresh = Effect.fn("Prekeys.fresh")(function*(identity: Identity) {
        const now = yield* Clock.currentTimeMillis
        const [newest] = yield* own(identity.mesh)
        const isFresh = newest !== undefined && Math.abs(now - newest.at) < RENEW_MILLIS
        const current = isFresh ? newest : yield* keys.addPrekey(identity.mesh, now)
        // Looked at each time: one that waited for the next renewal would live for a day longer.
        const erased = yield* keys.erasePrekeys(identity.mesh, now - ERASE_MILLIS)
        if (!isFresh || erased > 0) yield* read(identity.mesh)
        return published(identity, current)
      }, oneAtATime)
      return Prekeys.of({
        fresh,
        misses,
        finder: (mesh) =>
          Effect.map(
            own(mesh),
            (prekeys) => (id) => prekeys.find((prekey) => prekey.id === id)?.pair
          ),
        forget: (mesh) =>
          Ref.update(known, (map) => new Map([...map].filter(([other]) => other !== mesh)))
      })
    })
  )
}

function published({ device, deviceId, mesh }: Identity, { at, pair }: OwnPrekey): Prekey {
  return signPrekey({ mesh, device: deviceId, key: toBase64Url(pair.publicKey), at }, device)
}
