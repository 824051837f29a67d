import { assert, describe, it } from "@effect/vitest"
import { bytesToHex } from "@noble/hashes/utils.js"
import { blake2b } from "@noble/hashes/blake2.js"
import { seededBytes } from "@claudemesh/testkit"
import { concatBytes, utf8 } from "./bytes.ts"
import { domainInput, hash, hashObject, keyedHash } from "./hash.ts"

describe("hash", () => {
  // BLAKE2b with 32 bytes of output, as `b2sum -l 256` prints it.
  it.each([
    ["", "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"],
    ["abc", "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"]
  ])("of %j is the known answer", (text, expected) => {
    assert.strictEqual(bytesToHex(hash(utf8(text))), expected)
  })

  it("equals a second implementation at every length around a block", () => {
    const bytes = seededBytes("hash")
    for (const length of [1, 63, 64, 65, 127, 128, 129, 255, 256, 257, 65_536]) {
      const input = bytes(length)
      assert.deepStrictEqual(hash(input), blake2b(input, { dkLen: 32 }))
    }
  })
})

describe("keyedHash", () => {
  it("equals a second implementation for every length of key that is used", () => {
    const bytes = seededBytes("keyed hash")
    for (const length of [16, 18, 32, 64]) {
      const key = bytes(length)
      const input = bytes(200)
      assert.deepStrictEqual(keyedHash(key, input), blake2b(input, { dkLen: 32, key }))
    }
  })

  it("is another hash than the plain one of key and text", () => {
    const key = utf8("0123456789abcdef")

    assert.notDeepEqual(keyedHash(key, utf8("x")), hash(concatBytes(key, utf8("x"))))
  })
})

describe("hashObject", () => {
  it("hashes the domain, a zero and the canonical text", () => {
    const input = domainInput("cm1/body", { b: 1, a: "x" })

    assert.deepStrictEqual(input, utf8("cm1/body\u0000{\"a\":\"x\",\"b\":1}"))
    assert.deepStrictEqual(hashObject("cm1/body", { a: "x", b: 1 }), hash(input))
  })

  it("gives one object another hash in another domain", () => {
    assert.notDeepEqual(hashObject("cm1/body", {}), hashObject("cm1/mesh", {}))
  })
})
