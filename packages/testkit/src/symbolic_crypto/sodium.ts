/**
 * Stands in for libsodium where a run has no adversary: the same calls, lengths and refusals, at a fraction of the time.
 *
 * What is signed, sealed or hashed stays bound to its keys and to every byte:
 * a signature is worth nothing for other words or another key, a box opens only
 * with the key, nonce and associated data it was closed with. But nothing here
 * is secret: who knows a public key and reads this file can forge. Everything
 * is SHA-256 over labelled parts, which Node does natively.
 *
 * @module
 */
// oxlint-disable-next-line effecttsgo/node-builtin-import -- a hash that is quick, not a secret
import { hash as nodeHash } from "node:crypto"

const DIGEST_BYTES = 32
const SIGNATURE_BYTES = 64
const SIGN_SECRET_BYTES = 64
const KEM_PUBLIC_BYTES = 1216
const KEM_CIPHERTEXT_BYTES = 1120
const KEM_SEED_BYTES = 64
const NONCE_BYTES = 24
const TAG_BYTES = 16

interface KeyPair {
  readonly publicKey: Uint8Array
  readonly privateKey: Uint8Array
}

/** What the crypto of the protocol calls, under libsodium's names. */
export const sodium = {
  crypto_generichash(size: number, bytes: Uint8Array, key: Uint8Array | null): Uint8Array {
    return digest("hash", key ?? new Uint8Array(), bytes).subarray(0, size)
  },

  crypto_sign_seed_keypair(seed: Uint8Array): KeyPair {
    requireLength("seed", seed, DIGEST_BYTES)
    const publicKey = digest("sign", seed)
    return { publicKey, privateKey: joined(seed, publicKey) }
  },

  crypto_sign_detached(message: Uint8Array, privateKey: Uint8Array): Uint8Array {
    requireLength("private key", privateKey, SIGN_SECRET_BYTES)
    return signatureOf(message, privateKey.subarray(DIGEST_BYTES))
  },

  crypto_sign_verify_detached(
    signature: Uint8Array,
    message: Uint8Array,
    publicKey: Uint8Array
  ): boolean {
    requireLength("signature", signature, SIGNATURE_BYTES)
    requireLength("public key", publicKey, DIGEST_BYTES)
    return isSame(signature, signatureOf(message, publicKey))
  },

  crypto_kem_xwing_seed_keypair(seed: Uint8Array): KeyPair {
    requireLength("seed", seed, DIGEST_BYTES)
    return { publicKey: padded(digest("kem", seed), KEM_PUBLIC_BYTES), privateKey: seed.slice() }
  },

  crypto_kem_xwing_enc_deterministic(
    publicKey: Uint8Array,
    seed: Uint8Array
  ): { readonly ciphertext: Uint8Array; readonly sharedSecret: Uint8Array } {
    requireLength("public key", publicKey, KEM_PUBLIC_BYTES)
    requireLength("seed", seed, KEM_SEED_BYTES)
    if (publicKey.some((byte, at) => at >= DIGEST_BYTES && byte !== 0)) {
      throw new Error("invalid public key")
    }
    const ciphertext = padded(digest("encapsulate", publicKey, seed), KEM_CIPHERTEXT_BYTES)
    return { ciphertext, sharedSecret: digest("shared", publicKey, ciphertext) }
  },

  /** A forged ciphertext, or another's, carries another secret: nobody can tell which it is. */
  crypto_kem_xwing_dec(ciphertext: Uint8Array, privateKey: Uint8Array): Uint8Array {
    requireLength("ciphertext", ciphertext, KEM_CIPHERTEXT_BYTES)
    const { publicKey } = sodium.crypto_kem_xwing_seed_keypair(privateKey)
    return digest("shared", publicKey, ciphertext)
  },

  // oxlint-disable-next-line eslint/max-params -- libsodium's own
  crypto_aead_xchacha20poly1305_ietf_encrypt(
    text: Uint8Array,
    aad: Uint8Array,
    _: null,
    nonce: Uint8Array,
    key: Uint8Array
  ): Uint8Array {
    requireLength("nonce", nonce, NONCE_BYTES)
    requireLength("key", key, DIGEST_BYTES)
    const veiled = veil(text, digest("veil", key, nonce))
    return joined(veiled, tagOf(veiled, aad, nonce, key))
  },

  // oxlint-disable-next-line eslint/max-params -- libsodium's own
  crypto_aead_xchacha20poly1305_ietf_decrypt(
    _: null,
    box: Uint8Array,
    aad: Uint8Array,
    nonce: Uint8Array,
    key: Uint8Array
  ): Uint8Array {
    requireLength("nonce", nonce, NONCE_BYTES)
    requireLength("key", key, DIGEST_BYTES)
    const veiled = box.subarray(0, -TAG_BYTES)
    if (!isSame(box.subarray(veiled.length), tagOf(veiled, aad, nonce, key))) {
      throw new Error("wrong secret key for the given ciphertext")
    }
    return veil(veiled, digest("veil", key, nonce))
  }
}

function signatureOf(message: Uint8Array, publicKey: Uint8Array): Uint8Array {
  return padded(digest("signature", publicKey, message), SIGNATURE_BYTES)
}

function tagOf(...[veiled, aad, nonce, key]: ReadonlyArray<Uint8Array>): Uint8Array {
  const empty = new Uint8Array()
  return digest("tag", key ?? empty, nonce ?? empty, aad ?? empty, veiled ?? empty)
    .subarray(0, TAG_BYTES)
}

/** Hides a text from who only looks for it; twice gives the text back. */
function veil(text: Uint8Array, mask: Uint8Array): Uint8Array {
  return text.map((byte, at) => byte ^ (mask[at % DIGEST_BYTES] ?? 0))
}

/** SHA-256 of parts, of which none can be taken for a piece of another. */
function digest(label: string, ...parts: ReadonlyArray<Uint8Array>): Uint8Array {
  const lengths = parts.map(({ length }) => length).join()
  const head = new TextEncoder().encode(`${label} ${lengths}\n`)
  return new Uint8Array(nodeHash("sha256", joined(head, ...parts), "buffer"))
}

function joined(...parts: ReadonlyArray<Uint8Array>): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function padded(bytes: Uint8Array, size: number): Uint8Array {
  const whole = new Uint8Array(size)
  whole.set(bytes)
  return whole
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at])
}

/** libsodium refuses these too. */
function requireLength(what: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw new TypeError(`invalid ${what} length`)
}
