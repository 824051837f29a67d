/**
 * The keys of a simulated machine: an identity for each mesh it was made a member of, prekeys in files that it keeps.
 *
 * @module
 */
import type { MeshId } from "@claudemesh/protocol"
import type { DaemonWorld, Membership } from "@claudemesh/testkit/simulation"
import { Effect, Layer, Option, Redacted } from "effect"
import { SEED_BYTES } from "../identity/identity.ts"
import { KeyRing } from "../identity/key_ring.ts"
import { type OwnPrekey, ownPrekey } from "../identity/prekey_file.ts"
import { identityOf } from "./made_identity.ts"

/** The key ring of a simulated machine. */
export function layerKeptKeys({ files, memberships, process }: DaemonWorld): Layer.Layer<KeyRing> {
  const forgotten = new Set<string>()
  function saved() {
    return memberships.filter(({ made }) => !forgotten.has(made.membership.mesh)).map(identity)
  }
  function prekeys(mesh: MeshId): ReadonlyArray<OwnPrekey> {
    const found: Array<OwnPrekey> = []
    for (const [name, seed] of files) {
      const [owner, at] = name.split(" ")
      if (owner === mesh) found.push(ownPrekey(Redacted.make(seed), Number(at)))
    }
    return found.toSorted((one, other) => other.at - one.at)
  }
  return Layer.mock(KeyRing)({
    unusable: Effect.succeed([]),
    saved: Effect.sync(saved),
    find: (mesh) =>
      Effect.sync(() => Option.fromUndefinedOr(saved().find((one) => one.mesh === mesh))),
    prekeys: (mesh) => Effect.sync(() => prekeys(mesh)),
    addPrekey: (mesh, at) =>
      Effect.map(process.secureRandom.randomBytes(SEED_BYTES), (seed) => {
        files.set(`${mesh} ${at}`, seed)
        return ownPrekey(Redacted.make(seed), at)
      }),
    erasePrekeys: (mesh, olderThan) =>
      Effect.sync(() => {
        const old = prekeys(mesh).filter(({ at }, nth) => nth > 0 && at < olderThan)
        for (const { at } of old) files.delete(`${mesh} ${at}`)
        return old.length
      }),
    forget: (mesh) => Effect.sync(() => void forgotten.add(mesh))
  })
}

function identity({ made, name, origin }: Membership) {
  return identityOf(made, name, origin)
}
