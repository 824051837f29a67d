/**
 * Makes ids of keys: an id commits to its key, so nobody can swap the key behind it.
 *
 * @module
 */
import { fromBase64Url, hash, toBase32 } from "./crypto/mod.ts"
import { DeviceId, InviteId, MemberId, MeshId, PrekeyId } from "./ids.ts"

function idOf(prefix: string, commitment: Uint8Array): string {
  return `${prefix}_${toBase32(commitment.subarray(0, 16))}`
}

/** The id of the mesh whose genesis hashes to this. */
export function meshIdOf(genesisHash: Uint8Array): MeshId {
  return MeshId.make(idOf("m", genesisHash))
}

/** The id of a member, from its base64url key. */
export function memberIdOf(key: string): MemberId {
  return MemberId.make(idOf("u", hash(fromBase64Url(key))))
}

/** The id of a device, from its base64url signing key. */
export function deviceIdOf(key: string): DeviceId {
  return DeviceId.make(idOf("d", hash(fromBase64Url(key))))
}

/** The id of an invite, from its base64url key. */
export function inviteIdOf(key: string): InviteId {
  return InviteId.make(idOf("i", hash(fromBase64Url(key))))
}

/** The id of a prekey, from its base64url key. */
export function prekeyIdOf(key: string): PrekeyId {
  return PrekeyId.make(idOf("p", hash(fromBase64Url(key))))
}
