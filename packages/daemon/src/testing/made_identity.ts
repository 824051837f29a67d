/**
 * Makes this machine a member of a mesh that the testkit made.
 *
 * The mesh comes as an argument, because only tests import the testkit.
 *
 * @module
 */
import {
  type DeviceId,
  type DeviceRecord,
  type MemberId,
  type Membership,
  prekeyIdOf,
  type Statement
} from "@claudemesh/protocol"
import { type KemKeyPair, type SignKeyPair, toBase64Url } from "@claudemesh/protocol/crypto"
import { Redacted } from "effect"
import type { Identity } from "../identity/identity.ts"
import type { OwnPrekey } from "../identity/prekey_file.ts"

/** What is used of a member of a made mesh. */
export interface MemberMade {
  readonly id: MemberId
  readonly key: SignKeyPair
  readonly device: DeviceId
  readonly deviceKey: SignKeyPair
  readonly record: DeviceRecord
  readonly prekeyPair: KemKeyPair
}

/** What is used of a made mesh. */
export interface MeshMade {
  readonly membership: Membership
  readonly statements: ReadonlyArray<Statement>
  readonly members: ReadonlyMap<string, MemberMade>
}

/** Where the broker of a made mesh is. */
export const MADE_ORIGIN = "http://127.0.0.1:7843"

/** Who the member of that name is on its own machine. Its seeds make nothing. */
export function identityOf(made: MeshMade, name: string, broker = MADE_ORIGIN): Identity {
  const { device, deviceKey, id, key, prekeyPair, record } = memberMade(made, name)
  const seed = Redacted.make(new Uint8Array(32))
  return {
    mesh: made.membership.mesh,
    meshName: made.membership.name,
    broker,
    memberName: name,
    deviceName: record.name,
    createdAt: madeAt(made),
    seeds: { member: seed, device: seed, sealing: seed },
    member: key,
    device: deviceKey,
    sealing: prekeyPair,
    memberId: id,
    deviceId: device,
    record
  }
}

/** The prekey that others seal to for the member of that name. */
export function ownPrekeyOf(made: MeshMade, name: string): OwnPrekey {
  const { prekeyPair: pair } = memberMade(made, name)
  const seed = Redacted.make(new Uint8Array(32))
  return { id: prekeyIdOf(toBase64Url(pair.publicKey)), at: madeAt(made), pair, seed }
}

/** When the mesh was founded. */
export function madeAt({ statements }: MeshMade): number {
  return statements[0]?.at ?? 0
}

function memberMade({ members }: MeshMade, name: string): MemberMade {
  const member = members.get(name)
  if (member === undefined) throw new Error(`The made mesh has no member "${name}"`)
  return member
}
