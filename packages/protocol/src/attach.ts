/**
 * Attaching: how a device proves itself to one broker, once, without a clock.
 *
 * The signature covers the broker's nonce and the broker's origin, so it can be
 * neither replayed nor relayed to another broker.
 *
 * @module
 */
import { Schema } from "effect"
import { fromBase64Url, sign, type SignKeyPair, toBase64Url, verify } from "./crypto/mod.ts"
import { Bytes16, Bytes64, Count } from "./encodings.ts"
import { DeviceId, MeshId, MessageId } from "./ids.ts"

/** What a device already has: the broker sends what follows. */
export const Have = Schema.Struct({
  /** Statements of the membership log it holds. */
  statements: Count,
  /** The store whose numbers `upto` counts in; absent before the first attach. */
  store_epoch: Schema.optionalKey(Bytes16),
  /** The last entry of its mailbox that it has committed. */
  upto: Count,
  /**
   * One of those entries, and the message in it. A store that has another one there, or none, went back in
   * time and gave its number anew: nothing that the device has counts in the numbers of that store.
   */
  last: Schema.optionalKey(Schema.Struct({ seq: Count, id: MessageId }))
})
export type Have = typeof Have.Type

/** What a device signs to attach. */
export const AttachClaim = Schema.Struct({
  mesh: MeshId,
  device: DeviceId,
  have: Have,
  /** Names the inbox database: a restored or cloned home has another one. */
  incarnation: Bytes16,
  versions: Schema.Array(Count).check(Schema.isMaxLength(16))
})
export type AttachClaim = typeof AttachClaim.Type

/** The challenge that a claim answers. */
export interface AttachChallenge {
  readonly nonce: string
  readonly origin: string
}

// Named one by one: an attach frame fits the type too, and its other fields are not signed.
function attachInput(claim: AttachClaim, { nonce, origin }: AttachChallenge) {
  const { device, have, incarnation, mesh, versions } = claim
  return { mesh, device, have, incarnation, versions, nonce, origin }
}

/** Answers a challenge. */
export function signAttach(
  claim: AttachClaim,
  challenge: AttachChallenge,
  key: SignKeyPair
): string {
  return toBase64Url(sign("cm1/attach", attachInput(claim, challenge), key))
}

/** Whether the answer is the device's, to this challenge; `deviceKey` is its base64url signing key. */
export function verifyAttach(
  claim: AttachClaim,
  challenge: AttachChallenge,
  proof: { readonly sig: typeof Bytes64.Type; readonly deviceKey: string }
): boolean {
  return verify({
    domain: "cm1/attach",
    object: attachInput(claim, challenge),
    signature: fromBase64Url(proof.sig),
    publicKey: fromBase64Url(proof.deviceKey)
  })
}
