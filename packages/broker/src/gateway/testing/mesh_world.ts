/**
 * A memory broker with one mesh, whose members attach by name.
 *
 * @module
 */
import type { AttachClaim, DeviceId, Membership, Statement } from "@claudemesh/protocol"
import type { SignKeyPair } from "@claudemesh/protocol/crypto"
import { Effect, Layer } from "effect"
import { Meshes } from "../../membership/meshes.ts"
import { connectLoopback } from "./loopback.ts"
import { layerMemoryBroker, type MemoryBrokerOptions } from "./memory_broker.ts"
import { attachTo, type Identity } from "./test_device.ts"

/** A mesh as the testkit makes it. */
export interface WorldMesh {
  readonly statements: ReadonlyArray<Statement>
  readonly membership: Membership
  readonly members: ReadonlyMap<
    string,
    { readonly device: DeviceId; readonly deviceKey: SignKeyPair }
  >
}

/** The world of a mesh. */
export function worldOf(mesh: WorldMesh, options: MemoryBrokerOptions) {
  function identityOf(name: string): Identity {
    const member = mesh.members.get(name)
    if (member === undefined) throw new Error(`There is no member "${name}"`)
    return { mesh: mesh.membership.mesh, device: member.device, deviceKey: member.deviceKey }
  }

  const founded = Layer.effectDiscard(
    Meshes.use((meshes) => meshes.put(mesh.statements, { mayFound: true }))
  )

  /** Connects and attaches; unless told otherwise it has every statement. */
  const attach = Effect.fnUntraced(
    function*(name: string, have: Partial<AttachClaim["have"]> = {}) {
      const wire = yield* connectLoopback
      const all = { statements: mesh.membership.head.seq, ...have }
      const attached = yield* attachTo(wire, identityOf(name), all)
      return { ...wire, attached }
    }
  )

  return { identityOf, attach, layer: Layer.provideMerge(founded, layerMemoryBroker(options)) }
}
