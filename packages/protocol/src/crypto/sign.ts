/**
 * Signatures: Ed25519 over `domain ‖ 0x00 ‖ JCS(object)`.
 *
 * libsodium refuses small-order keys and `S + L`, so one signature has one form.
 *
 * @module
 */
import { Redacted } from "effect"
import type { CanonicalValue } from "./canonical_json.ts"
import { domainInput } from "./hash.ts"
import { sodium } from "./sodium.ts"

/** What may be signed. A signature made for one domain is worth nothing in another. */
export type SignDomain =
  | "cm1/statement"
  | "cm1/member"
  | "cm1/device"
  | "cm1/invite-claim"
  | "cm1/invite-open"
  | "cm1/prekey"
  | "cm1/attach"
  | "cm1/envelope"
  | "cm1/receipt"
  | "cm1/presence"

/** A key that signs; the secret half never leaves this machine. */
export interface SignKeyPair {
  readonly publicKey: Uint8Array
  readonly secretKey: Redacted.Redacted<Uint8Array>
}

/** The key pair of a 32-byte seed; the same seed gives the same pair. */
export function signKeyPair(seed: Redacted.Redacted<Uint8Array>): SignKeyPair {
  const pair = sodium.crypto_sign_seed_keypair(Redacted.value(seed))
  return { publicKey: pair.publicKey, secretKey: Redacted.make(pair.privateKey) }
}

/** Signs an object under a domain: 64 bytes. */
export function sign(domain: SignDomain, object: CanonicalValue, key: SignKeyPair): Uint8Array {
  return sodium.crypto_sign_detached(domainInput(domain, object), Redacted.value(key.secretKey))
}

/** A signature with what it is said to cover and who is said to have made it. */
export interface SignatureClaim {
  readonly domain: SignDomain
  readonly object: CanonicalValue
  readonly signature: Uint8Array
  readonly publicKey: Uint8Array
}

/** Whether the signature is that key's, over that object, in that domain. Never throws. */
export function verify({ domain, object, publicKey, signature }: SignatureClaim): boolean {
  try {
    return sodium.crypto_sign_verify_detached(signature, domainInput(domain, object), publicKey)
  } catch {
    return false // a wrong length or a key that is no point
  }
}
