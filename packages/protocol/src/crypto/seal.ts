/**
 * Sealing: X-Wing (X25519 + ML-KEM-768) to hand over a key, XChaCha20-Poly1305 to close a box.
 *
 * Chance comes in as an argument: the caller's secure random source, or a
 * simulator's seed. Opening answers with nothing when anything is wrong, and
 * never says what.
 *
 * @module
 */
import { Redacted } from "effect"
import { sodium } from "./sodium.ts"

/** Lengths in bytes, as X-Wing (draft-connolly-cfrg-xwing-kem) and XChaCha20-Poly1305 fix them. */
export const KEM_SEED_BYTES = 32
export const KEM_ENCAPSULATION_SEED_BYTES = 64
export const KEM_PUBLIC_KEY_BYTES = 1216
export const KEM_CIPHERTEXT_BYTES = 1120
export const AEAD_KEY_BYTES = 32
export const AEAD_NONCE_BYTES = 24
export const AEAD_TAG_BYTES = 16

/** A key others can seal to. */
export interface KemKeyPair {
  readonly publicKey: Uint8Array
  readonly secretKey: Redacted.Redacted<Uint8Array>
}

/** The key pair of a 32-byte seed; the same seed gives the same pair. */
export function kemKeyPair(seed: Redacted.Redacted<Uint8Array>): KemKeyPair {
  const pair = sodium.crypto_kem_xwing_seed_keypair(Redacted.value(seed))
  return { publicKey: pair.publicKey, secretKey: Redacted.make(pair.privateKey) }
}

/** A fresh shared key and the ciphertext that carries it to one public key. */
export interface Encapsulation {
  readonly ciphertext: Uint8Array
  readonly sharedKey: Redacted.Redacted<Uint8Array>
}

/** Makes a shared key for the holder of `publicKey`; `seed` is 64 random bytes. Nothing if the key is no key. */
export function encapsulate(publicKey: Uint8Array, seed: Uint8Array): Encapsulation | undefined {
  try {
    const made = sodium.crypto_kem_xwing_enc_deterministic(publicKey, seed)
    return { ciphertext: made.ciphertext, sharedKey: Redacted.make(made.sharedSecret) }
  } catch {
    return undefined
  }
}

/** The shared key that a ciphertext carries. A forged one gives another key, or nothing. */
export function decapsulate(
  ciphertext: Uint8Array,
  key: KemKeyPair
): Redacted.Redacted<Uint8Array> | undefined {
  try {
    return Redacted.make(sodium.crypto_kem_xwing_dec(ciphertext, Redacted.value(key.secretKey)))
  } catch {
    return undefined
  }
}

/** What closes or opens one box: the nonce is never used twice with the key. */
export interface AeadOptions {
  readonly key: Redacted.Redacted<Uint8Array>
  readonly nonce: Uint8Array
  readonly aad: Uint8Array
}

/** Closes a box: 16 bytes longer than what is in it. */
export function aeadSeal(text: Uint8Array, { aad, key, nonce }: AeadOptions): Uint8Array {
  return sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(
    text,
    aad,
    null,
    nonce,
    Redacted.value(key)
  )
}

/** Opens a box; nothing if the key, the nonce, the box or what it is bound to is not as it was. */
export function aeadOpen(
  box: Uint8Array,
  { aad, key, nonce }: AeadOptions
): Uint8Array | undefined {
  try {
    return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
      null,
      box,
      aad,
      nonce,
      Redacted.value(key)
    )
  } catch {
    return undefined
  }
}
