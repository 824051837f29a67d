/**
 * Hashes: BLAKE2b-256, plain, keyed, and of an object under a domain.
 *
 * Every hash of an object has its own domain, so that none can stand in for another.
 *
 * @module
 */
import { concatBytes, utf8 } from "./bytes.ts"
import { canonicalJson, type CanonicalValue } from "./canonical_json.ts"
import { sodium } from "./sodium.ts"

/** Length of every hash here. */
export const HASH_BYTES = 32

/** BLAKE2b-256. */
export function hash(bytes: Uint8Array): Uint8Array {
  return sodium.crypto_generichash(HASH_BYTES, bytes, null)
}

/** BLAKE2b-256 under a key of 16 to 64 bytes. */
export function keyedHash(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return sodium.crypto_generichash(HASH_BYTES, bytes, key)
}

/** `domain ‖ 0x00 ‖ JCS(object)`: what is hashed or signed of an object. */
export function domainInput(domain: string, object: CanonicalValue): Uint8Array {
  return concatBytes(utf8(domain), new Uint8Array(1), utf8(canonicalJson(object)))
}

/** BLAKE2b-256 of an object under a domain. */
export function hashObject(domain: string, object: CanonicalValue): Uint8Array {
  return hash(domainInput(domain, object))
}
