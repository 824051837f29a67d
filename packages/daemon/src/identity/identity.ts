/**
 * Holds who this machine is in one mesh: the keys, the names, and what follows from them.
 *
 * All keys are made of four 32-byte seeds, so that a file keeps little and one of another machine
 * cannot fit half. No key serves two purposes.
 *
 * @module
 */
import type { DeviceId, DeviceRecord, MemberId, MeshId } from "@claudemesh/protocol"
import { deviceIdOf, memberIdOf, signDeviceRecord } from "@claudemesh/protocol"
import {
  type KemKeyPair,
  kemKeyPair,
  type SignKeyPair,
  signKeyPair,
  toBase64Url
} from "@claudemesh/protocol/crypto"
import type { Redacted } from "effect"

/** Length of every seed. */
export const SEED_BYTES = 32

/** What all keys are made of. Only a mesh's founder has a root. */
export interface Seeds {
  readonly root?: Redacted.Redacted<Uint8Array>
  readonly member: Redacted.Redacted<Uint8Array>
  readonly device: Redacted.Redacted<Uint8Array>
  readonly sealing: Redacted.Redacted<Uint8Array>
}

/** What it is called, and where and when it began. */
export interface Labels {
  /** What the mesh is called on this machine. */
  readonly meshName: string
  /** The broker's origin. */
  readonly broker: string
  readonly memberName: string
  readonly deviceName: string
  readonly createdAt: number
}

/** Everything but the mesh, whose id is only known once its genesis is signed. */
export interface IdentityDraft extends Labels {
  readonly seeds: Seeds
  readonly root?: SignKeyPair
  readonly member: SignKeyPair
  readonly device: SignKeyPair
  /** The X-Wing identity, which prekeys stand in for. */
  readonly sealing: KemKeyPair
  readonly memberId: MemberId
  readonly deviceId: DeviceId
  readonly record: DeviceRecord
}

/** Who this machine is in one mesh. */
export interface Identity extends IdentityDraft {
  readonly mesh: MeshId
}

/** The identity of these seeds; the same seeds give the same one. */
export function identityOf(labels: Labels, seeds: Seeds): IdentityDraft {
  const member = signKeyPair(seeds.member)
  const device = signKeyPair(seeds.device)
  const sealing = kemKeyPair(seeds.sealing)
  const key = toBase64Url(device.publicKey)
  return {
    meshName: labels.meshName,
    broker: labels.broker,
    memberName: labels.memberName,
    deviceName: labels.deviceName,
    createdAt: labels.createdAt,
    seeds,
    ...(seeds.root === undefined ? {} : { root: signKeyPair(seeds.root) }),
    member,
    device,
    sealing,
    memberId: memberIdOf(toBase64Url(member.publicKey)),
    deviceId: deviceIdOf(key),
    record: signDeviceRecord(
      { key, identity: toBase64Url(sealing.publicKey), name: labels.deviceName },
      { member, device }
    )
  }
}
