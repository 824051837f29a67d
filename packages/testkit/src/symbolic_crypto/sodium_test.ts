import {
  aeadSeal,
  encapsulate,
  hash,
  kemKeyPair,
  sign,
  signKeyPair
} from "@claudemesh/protocol/crypto"
import { assert, describe, it } from "@effect/vitest"
import { Redacted } from "effect"
import { spawnSync } from "node:child_process"
import { sodium } from "./sodium.ts"

const seed = bytes(32, 1)
const words = new TextEncoder().encode("some words")
const nonce = bytes(24, 2)
const aad = bytes(8, 3)

function bytes(size: number, value: number): Uint8Array {
  return new Uint8Array(size).fill(value)
}

function altered(original: Uint8Array, at: number): Uint8Array {
  return original.map((byte, place) => place === at ? byte ^ 1 : byte)
}

function seal(key: Uint8Array): Uint8Array {
  return sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(words, aad, null, nonce, key)
}

function open(box: Uint8Array, key: Uint8Array, about = aad): Uint8Array {
  return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(null, box, about, nonce, key)
}

describe("symbolic signatures", () => {
  const { privateKey, publicKey } = sodium.crypto_sign_seed_keypair(seed)
  const signature = sodium.crypto_sign_detached(words, privateKey)

  it("hold for these words and this key", () => {
    assert.isTrue(sodium.crypto_sign_verify_detached(signature, words, publicKey))
  })

  it("hold for no other words, no other key, and not once altered", () => {
    const other = sodium.crypto_sign_seed_keypair(bytes(32, 9)).publicKey
    assert.isFalse(sodium.crypto_sign_verify_detached(signature, altered(words, 0), publicKey))
    assert.isFalse(sodium.crypto_sign_verify_detached(signature, words, other))
    assert.isFalse(sodium.crypto_sign_verify_detached(altered(signature, 3), words, publicKey))
  })
})

describe("symbolic encapsulation", () => {
  it("gives both ends one secret, and whoever has another key another", () => {
    const { privateKey, publicKey } = sodium.crypto_kem_xwing_seed_keypair(seed)
    const { ciphertext, sharedSecret } = sodium.crypto_kem_xwing_enc_deterministic(
      publicKey,
      bytes(64, 4)
    )

    assert.deepStrictEqual(sodium.crypto_kem_xwing_dec(ciphertext, privateKey), sharedSecret)
    assert.notDeepEqual(sodium.crypto_kem_xwing_dec(ciphertext, bytes(32, 5)), sharedSecret)
    assert.notDeepEqual(
      sodium.crypto_kem_xwing_dec(altered(ciphertext, 0), privateKey),
      sharedSecret
    )
  })
})

describe("symbolic boxes", () => {
  it("open with their key, and hide what is in them", () => {
    const box = seal(seed)
    assert.deepStrictEqual(open(box, seed), words)
    assert.notInclude(new TextDecoder().decode(box), "words")
  })

  it("open with no other key, for nothing else, and not once altered", () => {
    const box = seal(seed)
    assert.throws(() => open(box, bytes(32, 9)), "wrong secret key")
    assert.throws(() => open(box, seed, bytes(8, 9)), "wrong secret key")
    for (let at = 0; at < box.length; at++) assert.throws(() => open(altered(box, at), seed))
  })
})

describe("symbolic crypto", () => {
  it("has the lengths of the real one", () => {
    const signing = signKeyPair(Redacted.make(seed))
    const sealing = kemKeyPair(Redacted.make(seed))
    const made = encapsulate(sealing.publicKey, bytes(64, 4))
    const symbolic = sodium.crypto_kem_xwing_seed_keypair(seed)
    const box = aeadSeal(words, { key: Redacted.make(seed), nonce, aad })

    assert.lengthOf(sodium.crypto_sign_seed_keypair(seed).publicKey, signing.publicKey.length)
    assert.lengthOf(symbolic.publicKey, sealing.publicKey.length)
    assert.lengthOf(
      sodium.crypto_kem_xwing_enc_deterministic(symbolic.publicKey, bytes(64, 4)).ciphertext,
      made?.ciphertext.length ?? 0
    )
    assert.lengthOf(seal(seed), box.length)
    assert.lengthOf(sodium.crypto_generichash(32, words, null), hash(words).length)
    assert.lengthOf(
      sodium.crypto_sign_detached(words, sodium.crypto_sign_seed_keypair(seed).privateKey),
      sign("cm1/attach", {}, signing).length
    )
  })

  it("takes the place of the real one in a process that asks for it, and in no other", () => {
    const [real, again, symbolic] = [[], [], ["--import", "@claudemesh/testkit/symbolic_crypto"]]
      .map(genesisOf)
    assert.match(real ?? "", /^m_[a-z2-7]{26}$/)
    assert.match(symbolic ?? "", /^m_[a-z2-7]{26}$/)
    assert.strictEqual(real, again)
    assert.notStrictEqual(real, symbolic)
  })
})

/** The id of a made mesh, which depends on every key and hash of it. */
function genesisOf(options: ReadonlyArray<string>): string {
  const program = `import { makeMesh } from "@claudemesh/testkit"
    process.stdout.write(makeMesh("symbols", ["ada", "bob"]).membership.mesh)`
  const { stdout } = spawnSync(
    process.execPath,
    [...options, "--input-type=module", "-e", program],
    {
      encoding: "utf8"
    }
  )
  return stdout.trim()
}
