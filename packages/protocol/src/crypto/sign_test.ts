import { assert, describe, it } from "@effect/vitest"
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js"
import { ed25519 } from "@noble/curves/ed25519.js"
import { flipBit, seededBytes } from "@claudemesh/testkit"
import { Redacted } from "effect"
import { domainInput } from "./hash.ts"
import { sign, type SignatureClaim, signKeyPair, verify } from "./sign.ts"

const seed = seededBytes("sign")(32)
const key = signKeyPair(Redacted.make(seed))
const object = { b: 2, a: "one" }
const claim: SignatureClaim = {
  domain: "cm1/statement",
  object,
  signature: sign("cm1/statement", object, key),
  publicKey: key.publicKey
}

// 2^252 + 27742317777372353535851937790883648493, little-endian: adding it to S gives the same S, mod L.
const L = hexToBytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")

// Every point of small order, and forms of them that are not canonical (from libsodium's own list).
const smallOrder = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
]

describe("signKeyPair", () => {
  it("gives the published key and signature of RFC 8032, test 1", () => {
    const published = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
    const pair = signKeyPair(Redacted.make(hexToBytes(published)))

    assert.strictEqual(
      bytesToHex(pair.publicKey),
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    )
  })
})

describe("sign", () => {
  it("equals a second implementation, byte for byte", () => {
    const input = domainInput("cm1/statement", object)

    assert.deepStrictEqual(claim.signature, ed25519.sign(input, seed))
    assert.deepStrictEqual(key.publicKey, ed25519.getPublicKey(seed))
  })
})

describe("verify", () => {
  it("accepts what was signed, whatever the order of keys", () => {
    assert.isTrue(verify({ ...claim, object: { a: "one", b: 2 } }))
  })

  it("refuses another object, another domain, another key", () => {
    const other = signKeyPair(Redacted.make(seededBytes("other")(32)))

    assert.isFalse(verify({ ...claim, object: { ...object, c: 3 } }))
    assert.isFalse(verify({ ...claim, domain: "cm1/envelope" }))
    assert.isFalse(verify({ ...claim, publicKey: other.publicKey }))
  })

  it("refuses every signature with one bit turned", () => {
    for (let bit = 0; bit < 512; bit++) {
      assert.isFalse(verify({ ...claim, signature: flipBit(claim.signature, bit) }))
    }
  })

  it("refuses S + L, so that one signature has one form", () => {
    let carry = 0
    const signature = claim.signature.map((byte, at) => {
      if (at < 32) return byte
      const sum = byte + (L[at - 32] ?? 0) + carry
      carry = sum >> 8
      return sum
    })

    assert.isFalse(verify({ ...claim, signature }))
  })

  it.each(smallOrder)("refuses the small-order key %s", (hex) => {
    const publicKey = hexToBytes(hex)
    // With such a key, R = identity and S = 0 would fit any message.
    const signature = new Uint8Array(64)
    signature[0] = 1

    assert.isFalse(verify({ ...claim, signature, publicKey }))
  })

  it("refuses keys and signatures of a wrong length without throwing", () => {
    assert.isFalse(verify({ ...claim, signature: claim.signature.subarray(1) }))
    assert.isFalse(verify({ ...claim, publicKey: key.publicKey.subarray(1) }))
    assert.isFalse(verify({ ...claim, signature: new Uint8Array(0), publicKey: new Uint8Array(0) }))
  })

  it("refuses an object that JSON cannot carry without throwing", () => {
    assert.isFalse(verify({ ...claim, object: { a: "\ud800" } }))
  })
})
