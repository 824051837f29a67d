import { assert, describe, it } from "@effect/vitest"
import {
  concatBytes,
  fromBase64Url,
  fromUtf8,
  sameBytes,
  toBase32,
  toBase64Url,
  utf8
} from "./bytes.ts"

describe("toBase32", () => {
  it.each([
    ["", ""],
    ["f", "my"],
    ["fo", "mzxq"],
    ["foo", "mzxw6"],
    ["foob", "mzxw6yq"],
    ["fooba", "mzxw6ytb"],
    ["foobar", "mzxw6ytboi"]
  ])("writes %j as RFC 4648 does, in lower case and unpadded", (text, expected) => {
    assert.strictEqual(toBase32(utf8(text)), expected)
  })

  it("writes long rows without losing bits", () => {
    assert.strictEqual(toBase32(new Uint8Array(35).fill(255)), "7".repeat(56))
  })
})

describe("toBase64Url", () => {
  it("uses the URL alphabet and no padding", () => {
    assert.strictEqual(toBase64Url(new Uint8Array([251, 255, 254, 0])), "-__-AA")
  })

  it("is undone by fromBase64Url, whatever the length", () => {
    for (let length = 0; length < 70; length++) {
      const bytes = new Uint8Array(length).map((_, at) => at * 37)
      assert.deepStrictEqual(fromBase64Url(toBase64Url(bytes)), bytes)
    }
  })
})

describe("fromUtf8", () => {
  it("reads back what utf8 wrote, a byte order mark included", () => {
    assert.strictEqual(fromUtf8(utf8("\ufeffπ 😀")), "\ufeffπ 😀")
  })

  it.each([
    ["an overlong form", [0xc0, 0x80]],
    ["a surrogate", [0xed, 0xa0, 0x80]],
    ["half a character", [0xe2, 0x82]],
    ["a byte of no character", [0xff]]
  ])("gives nothing for %s", (_, bytes) => {
    assert.isUndefined(fromUtf8(new Uint8Array(bytes)))
  })
})

describe("concatBytes", () => {
  it("keeps the order", () => {
    const joined = concatBytes(utf8("a"), new Uint8Array(0), utf8("bc"))

    assert.deepStrictEqual(joined, utf8("abc"))
  })
})

describe("sameBytes", () => {
  it("compares every byte and the length", () => {
    assert.isTrue(sameBytes(utf8("abc"), utf8("abc")))
    assert.isFalse(sameBytes(utf8("abc"), utf8("abd")))
    assert.isFalse(sameBytes(utf8("abc"), utf8("ab")))
  })
})
