import { flipBit, messageIdOf, seededBytes } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { concatBytes, keyedHash, toBase64Url, utf8 } from "./crypto/mod.ts"
import type { Meta } from "./envelope.ts"
import { limits } from "./limits.ts"
import {
  commitmentOf,
  packPlaintext,
  type Plaintext,
  SALT_BYTES,
  unpackPlaintext
} from "./plaintext.ts"

const salt = seededBytes("plaintext")(SALT_BYTES)
const plain: Plaintext = { meta: { priority: "next" }, content: utf8("hello"), salt }

describe("packPlaintext", () => {
  it("lays out salt, meta, content and zeros", () => {
    const packed = packPlaintext(plain)

    const meta = utf8("{\"priority\":\"next\"}")
    const said = concatBytes(salt, utf8("\0\0\0\x13"), meta, utf8("\0\0\0\x05"), utf8("hello"))
    assert.strictEqual(packed?.pad, 256)
    assert.deepStrictEqual(packed?.bytes.subarray(0, said.length), said)
    assert.isTrue(packed?.bytes.subarray(said.length).every((byte) => byte === 0))
  })

  it.each(limits.padBytes)("fills %i bytes to the last and no further", (size) => {
    const overhead = SALT_BYTES + 4 + 19 + 4
    const full = Math.min(size - overhead, limits.contentBytesMax)

    assert.strictEqual(packPlaintext(ofLength(full))?.pad, size)
    assert.notStrictEqual(packPlaintext(ofLength(full + 1))?.pad, size)
  })

  it("packs an empty message", () => {
    assert.deepStrictEqual(opened({ ...plain, content: utf8("") }), [
      { priority: "next" },
      utf8("")
    ])
  })

  it("packs nothing that is larger than the limits", () => {
    assert.strictEqual(packPlaintext(ofLength(limits.contentBytesMax))?.pad, 40_960)
    assert.isUndefined(packPlaintext(ofLength(limits.contentBytesMax + 1)))
    const meta = { priority: "next", later: "x".repeat(limits.metaBytesMax) } as const
    assert.isUndefined(packPlaintext({ ...plain, meta }))
  })
})

describe("unpackPlaintext", () => {
  it("reads what was packed", () => {
    const meta: Meta = {
      subject: "Grüße",
      priority: "now",
      reply_to: messageIdOf(7),
      hops: 2
    }
    const content = utf8("😀".repeat(1_000))

    assert.deepStrictEqual(opened({ meta, content, salt }), [meta, content])
  })

  it("ignores fields of later versions, and still covers them by the commitment", () => {
    const later = { priority: "low", colour: { deep: ["red"] } } as const
    const packed = packPlaintext({ ...plain, meta: later })

    const unpacked = packed && unpackPlaintext(packed.bytes)
    assert.deepStrictEqual(unpacked?.plaintext.meta, { priority: "low" })
    assert.deepStrictEqual(unpacked?.commitment, commitmentOf({ ...plain, meta: later }))
    assert.notDeepEqual(unpacked?.commitment, commitmentOf({ ...plain, meta: { priority: "low" } }))
  })

  it.each([
    ["nothing", new Uint8Array(0)],
    ["a salt alone", salt],
    ["zeros", new Uint8Array(256)],
    ["a length of meta beyond the end", laidOut("", "", { metaLength: 0xffffffff })],
    [
      "a length of content beyond the end",
      laidOut("{\"priority\":\"next\"}", "", { contentLength: 999 })
    ],
    ["no content", concatBytes(salt, utf8("\0\0\0\x02{}"))],
    ["meta that is no JSON", laidOut("priority", "x")],
    ["meta that is not UTF-8", laidOut(new Uint8Array([0xff]), "x")],
    ["meta without a priority", laidOut("{}", "x")],
    ["an unknown priority", laidOut("{\"priority\":\"urgent\"}", "x")],
    ["a key twice in meta", laidOut("{\"priority\":\"now\",\"priority\":\"low\"}", "x")],
    ["__proto__ in meta", laidOut("{\"priority\":\"now\",\"__proto__\":{}}", "x")],
    [
      "a subject with a lone surrogate",
      laidOut("{\"priority\":\"now\",\"subject\":\"\\ud800\"}", "x")
    ],
    [
      "a subject that is too long",
      laidOut(`{"priority":"now","subject":"${"x".repeat(201)}"}`, "x")
    ],
    ["meta that is too large", laidOut(`{"priority":"now"${" ".repeat(5_000)}}`, "x")],
    ["content that is too large", laidOut("{\"priority\":\"now\"}", "x".repeat(32_769))],
    ["a byte after the content", concatBytes(laidOut("{\"priority\":\"now\"}", "x"), utf8("\0x"))]
  ])("reads nothing from %s", (_, bytes) => {
    assert.isUndefined(unpackPlaintext(bytes))
  })

  it("never throws, and never finds the commitment, whatever bit is turned", () => {
    const bytes = packPlaintext(plain)?.bytes ?? new Uint8Array()
    const commitment = toBase64Url(commitmentOf(plain))
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const unpacked = unpackPlaintext(flipBit(bytes, bit))
      assert.notStrictEqual(unpacked && toBase64Url(unpacked.commitment), commitment)
    }
  })
})

describe("commitmentOf", () => {
  it("is a hash under the salt of everything said, lengths included", () => {
    const framed = concatBytes(
      utf8("\0\0\0\x13{\"priority\":\"next\"}"),
      utf8("\0\0\0\x05hello")
    )

    assert.deepStrictEqual(commitmentOf(plain), keyedHash(salt, framed))
  })

  it("differs for another salt, another meta, another content", () => {
    const all: ReadonlyArray<Plaintext> = [
      plain,
      { ...plain, salt: seededBytes("other")(SALT_BYTES) },
      { ...plain, meta: { priority: "now" } },
      { ...plain, content: utf8("hello ") }
    ]

    assert.strictEqual(new Set(all.map((one) => toBase64Url(commitmentOf(one)))).size, all.length)
  })
})

function ofLength(length: number): Plaintext {
  return { ...plain, content: new Uint8Array(length).fill(120) }
}

function opened(plaintext: Plaintext): unknown {
  const packed = packPlaintext(plaintext)
  const unpacked = packed && unpackPlaintext(packed.bytes)?.plaintext
  return unpacked && [unpacked.meta, unpacked.content]
}

/** Bytes laid out as a malicious sender may: with any lengths. */
function laidOut(
  metaText: string | Uint8Array,
  content: string,
  lengths: { readonly metaLength?: number; readonly contentLength?: number } = {}
): Uint8Array {
  const meta = typeof metaText === "string" ? utf8(metaText) : metaText
  const { contentLength = utf8(content).length, metaLength = meta.length } = lengths
  return concatBytes(salt, uint32(metaLength), meta, uint32(contentLength), utf8(content))
}

function uint32(value: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(4))
  view.setUint32(0, value)
  return new Uint8Array(view.buffer)
}
