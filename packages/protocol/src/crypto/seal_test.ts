import { assert, describe, it } from "@effect/vitest"
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js"
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js"
import { ml_kem768_x25519 as xWing } from "@noble/post-quantum/hybrid.js"
import { flipBit, seededBytes } from "@claudemesh/testkit"
import { Redacted } from "effect"
import { utf8 } from "./bytes.ts"
import {
  AEAD_TAG_BYTES,
  aeadOpen,
  aeadSeal,
  decapsulate,
  encapsulate,
  type Encapsulation,
  KEM_CIPHERTEXT_BYTES,
  KEM_PUBLIC_KEY_BYTES,
  type KemKeyPair,
  kemKeyPair
} from "./seal.ts"

const bytes = seededBytes("seal")
const pair = kemKeyPair(Redacted.make(bytes(32)))
const encapsulationSeed = bytes(64)

describe("encapsulate", () => {
  it("gives the shared key of the first published X-Wing vector", () => {
    // draft-connolly-cfrg-xwing-kem, appendix C: both seeds are the first 96 bytes of SHAKE-128.
    const seed = "7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26"
    const eseed = "3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e2" +
      "35b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2"
    const published = kemKeyPair(Redacted.make(hexToBytes(seed)))

    const made = sealedTo(published.publicKey, hexToBytes(eseed))

    assert.strictEqual(
      bytesToHex(Redacted.value(made.sharedKey)),
      "d2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384"
    )
  })

  it("equals a second implementation, and each opens what the other made", () => {
    for (let round = 0; round < 10; round++) {
      const seed = bytes(32)
      const ours = kemKeyPair(Redacted.make(seed))
      const theirs = xWing.keygen(seed)
      assert.deepStrictEqual(ours.publicKey, theirs.publicKey)

      const eseed = bytes(64)
      const made = sealedTo(ours.publicKey, eseed)
      const again = xWing.encapsulate(theirs.publicKey, eseed)
      assert.deepStrictEqual(made.ciphertext, again.cipherText)
      assert.deepStrictEqual(Redacted.value(made.sharedKey), again.sharedSecret)
      const opened = xWing.decapsulate(made.ciphertext, theirs.secretKey)
      assert.deepStrictEqual(opened, again.sharedSecret)
    }
  })

  it("has the lengths that the draft fixes", () => {
    assert.lengthOf(pair.publicKey, KEM_PUBLIC_KEY_BYTES)
    assert.lengthOf(sealedTo(pair.publicKey, encapsulationSeed).ciphertext, KEM_CIPHERTEXT_BYTES)
  })

  it.each([
    ["of zeros", new Uint8Array(KEM_PUBLIC_KEY_BYTES)],
    ["with an X25519 half of zeros", pair.publicKey.map((byte, at) => at < 1184 ? byte : 0)],
    [
      "with an X25519 half of order 2",
      pair.publicKey.map((byte, at) => at < 1184 ? byte : +(at === 1184))
    ],
    ["with an ML-KEM half out of range", pair.publicKey.map((byte, at) => at < 1152 ? 255 : byte)],
    ["too short", pair.publicKey.subarray(1)],
    ["of nothing", new Uint8Array(0)]
  ])("gives nothing for a key %s", (_, publicKey) => {
    assert.isUndefined(encapsulate(publicKey, encapsulationSeed))
  })

  it("gives nothing for too little chance", () => {
    assert.isUndefined(encapsulate(pair.publicKey, encapsulationSeed.subarray(1)))
  })
})

describe("decapsulate", () => {
  const made = sealedTo(pair.publicKey, encapsulationSeed)

  it("gives the holder of the key the same shared key", () => {
    assert.deepStrictEqual(openedBy(pair, made.ciphertext), Redacted.value(made.sharedKey))
  })

  it("never gives the shared key for a ciphertext with one bit turned", () => {
    for (let bit = 0; bit < KEM_CIPHERTEXT_BYTES * 8; bit += 97) {
      const opened = openedBy(pair, flipBit(made.ciphertext, bit))
      assert.notDeepEqual(opened, Redacted.value(made.sharedKey))
    }
  })

  it("never gives the shared key to another key", () => {
    const other = kemKeyPair(Redacted.make(bytes(32)))

    assert.notDeepEqual(openedBy(other, made.ciphertext), Redacted.value(made.sharedKey))
  })

  it("gives nothing for a ciphertext of a wrong length", () => {
    assert.isUndefined(decapsulate(made.ciphertext.subarray(1), pair))
  })
})

describe("aeadSeal", () => {
  it("gives the published box of draft-irtf-cfrg-xchacha, appendix A.3", () => {
    const text = utf8(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, " +
        "sunscreen would be it."
    )
    const box = aeadSeal(text, {
      key: Redacted.make(new Uint8Array(32).map((_, at) => 0x80 + at)),
      nonce: new Uint8Array(24).map((_, at) => 0x40 + at),
      aad: hexToBytes("50515253c0c1c2c3c4c5c6c7")
    })

    assert.strictEqual(bytesToHex(box.subarray(0, 16)), "bd6d179d3e83d43b9576579493c0e939")
    assert.strictEqual(
      bytesToHex(box.subarray(-AEAD_TAG_BYTES)),
      "c0875924c1c7987947deafd8780acf49"
    )
  })

  it("equals a second implementation", () => {
    const [key, nonce, aad, text] = [bytes(32), bytes(24), bytes(32), bytes(1_000)]

    const box = aeadSeal(text, { key: Redacted.make(key), nonce, aad })

    assert.deepStrictEqual(box, xchacha20poly1305(key, nonce, aad).encrypt(text))
  })
})

describe("aeadOpen", () => {
  const options = { key: Redacted.make(bytes(32)), nonce: bytes(24), aad: utf8("bound to this") }
  const box = aeadSeal(utf8("hello"), options)

  it("opens what was closed", () => {
    assert.deepStrictEqual(aeadOpen(box, options), utf8("hello"))
  })

  it("gives nothing for a box with one bit turned", () => {
    for (let bit = 0; bit < box.length * 8; bit++) {
      assert.isUndefined(aeadOpen(flipBit(box, bit), options))
    }
  })

  it("gives nothing under another key, another nonce, or bound to something else", () => {
    assert.isUndefined(aeadOpen(box, { ...options, key: Redacted.make(bytes(32)) }))
    assert.isUndefined(aeadOpen(box, { ...options, nonce: bytes(24) }))
    assert.isUndefined(aeadOpen(box, { ...options, aad: utf8("bound to that") }))
  })

  it("gives nothing for a box shorter than a tag, and for keys of a wrong length", () => {
    assert.isUndefined(aeadOpen(box.subarray(0, AEAD_TAG_BYTES - 1), options))
    assert.isUndefined(aeadOpen(new Uint8Array(0), options))
    assert.isUndefined(aeadOpen(box, { ...options, key: Redacted.make(bytes(31)) }))
    assert.isUndefined(aeadOpen(box, { ...options, nonce: bytes(23) }))
  })
})

function openedBy(key: KemKeyPair, ciphertext: Uint8Array): Uint8Array | undefined {
  const opened = decapsulate(ciphertext, key)
  // Two redacted values are equal whatever is in them.
  return opened && Redacted.value(opened)
}

function sealedTo(publicKey: Uint8Array, seed: Uint8Array): Encapsulation {
  const made = encapsulate(publicKey, seed)
  if (made === undefined) throw new Error("The key is no key")
  return made
}
