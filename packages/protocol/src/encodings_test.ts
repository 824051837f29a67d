import { seededBytes } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { toBase64Url } from "./crypto/mod.ts"
import {
  AnyBytes,
  Bytes1120,
  Bytes1216,
  Bytes16,
  Bytes32,
  Bytes48,
  Bytes64,
  Count,
  Millis,
  textOf
} from "./encodings.ts"

const bytes = seededBytes("encodings")
const sized = [
  [16, Bytes16],
  [32, Bytes32],
  [48, Bytes48],
  [64, Bytes64],
  [1120, Bytes1120],
  [1216, Bytes1216]
] as const

describe("bytes of a fixed length", () => {
  it.each(sized)("of %i are accepted at that length only", (length, schema) => {
    assert.isTrue(Schema.is(schema)(toBase64Url(bytes(length))))
    assert.isFalse(Schema.is(schema)(toBase64Url(bytes(length - 1))))
    assert.isFalse(Schema.is(schema)(toBase64Url(bytes(length + 1))))
  })

  it.each(sized)(
    "of %i have one form: no other last character decodes to them",
    (length, schema) => {
      const text = toBase64Url(bytes(length))
      const forms = others(text.at(-1)).map((last) => text.slice(0, -1) + last)

      const decodeAlike = forms.filter((form) => sameAsBuffer(form, text))

      assert.lengthOf(decodeAlike, [0, 15, 3][length % 3] ?? -1)
      assert.isFalse(decodeAlike.some(Schema.is(schema)))
    }
  )

  it.each([
    ["padding", "AAAAAAAAAAAAAAAAAAAAAA=="],
    ["the other alphabet", "++++++++++++++++++++/w"],
    ["white space", " AAAAAAAAAAAAAAAAAAAAA"],
    ["a line feed at the end", "AAAAAAAAAAAAAAAAAAAAAA\n"],
    ["a number", 1],
    ["nothing", ""]
  ])("are refused with %s", (_, text) => {
    assert.isFalse(Schema.is(Bytes16)(text))
  })
})

describe("AnyBytes", () => {
  it("accepts every length in its one form", () => {
    for (let length = 0; length < 100; length++) {
      assert.isTrue(Schema.is(AnyBytes)(toBase64Url(bytes(length))))
    }
  })

  it.each(["A", "AAAAA", "AB", "AAB", "AA==", "A A", "AA\n"])("refuses %j", (text) => {
    assert.isFalse(Schema.is(AnyBytes)(text))
  })

  it("refuses a long text that goes wrong at its end", () => {
    const long = "A".repeat(65_532)

    assert.isTrue(Schema.is(AnyBytes)(long))
    assert.isFalse(Schema.is(AnyBytes)(`${long}!`))
    assert.isFalse(Schema.is(AnyBytes)(`${long}AB`))
  })
})

describe("Count", () => {
  it.each([0, 1, Number.MAX_SAFE_INTEGER])("accepts %d", (count) => {
    assert.isTrue(Schema.is(Count)(count))
  })

  it.each([-0, -1, 0.5, 2 ** 53, 1e308, Number.NaN, Number.POSITIVE_INFINITY, "1", null])(
    "refuses %j",
    (count) => {
      assert.isFalse(Schema.is(Count)(count))
    }
  )
})

describe("Millis", () => {
  it("accepts no time that a calendar cannot show", () => {
    assert.isTrue(Schema.is(Millis)(253_402_300_799_999))
    assert.isFalse(Schema.is(Millis)(253_402_300_800_000))
    assert.isFalse(Schema.is(Millis)(-1))
    assert.isFalse(Schema.is(Millis)(-0))
  })
})

describe("textOf", () => {
  const Text = textOf(3)

  it("accepts words up to its length, whatever the script", () => {
    assert.isTrue(["", "abc", "😀a", "\u0000"].every(Schema.is(Text)))
    assert.isFalse(Schema.is(Text)("abcd"))
  })

  it("refuses a lone surrogate, which canonical JSON cannot write", () => {
    assert.isFalse(Schema.is(Text)("\ud800"))
  })
})

function others(character: string | undefined): ReadonlyArray<string> {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
  return Array.from(alphabet).filter((other) => other !== character)
}

function sameAsBuffer(one: string, other: string): boolean {
  return Buffer.from(one, "base64url").equals(Buffer.from(other, "base64url"))
}
