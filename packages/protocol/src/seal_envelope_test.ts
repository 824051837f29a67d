import {
  draftOf,
  makeMesh,
  memberOf,
  openContextOf,
  outcomeOf,
  prekeyOf,
  sealBetween,
  seededBytes
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Redacted, Result } from "effect"
import { fromBase64Url, toBase64Url, utf8, verify } from "./crypto/mod.ts"
import { envelopeBytes, isWellAddressed } from "./envelope.ts"
import { SessionId } from "./ids.ts"
import { limits } from "./limits.ts"
import { openEnvelope } from "./open_envelope.ts"
import {
  contentKeyCommitment,
  envelopeInput,
  sealEnvelope,
  sealRandomBytes
} from "./seal_envelope.ts"

const mesh = makeMesh("seal", ["ada", "bob", "cy", "di", "ed", "flo", "gus"])
const bytes = seededBytes("seal envelope")
const ada = memberOf(mesh, "ada")
const letter = { from: "ada", to: ["cy", "bob"], text: "hello" }
const draft = draftOf(mesh, letter)
const plaintext = { meta: { priority: "next" }, content: utf8("hello"), salt: bytes(32) } as const
const options = {
  prekeys: new Map(
    ["bob", "cy"].map((name) => [memberOf(mesh, name).device, prekeyOf(mesh, name)])
  ),
  random: bytes(sealRandomBytes(2)),
  key: ada.deviceKey
}

describe("sealEnvelope", () => {
  const envelope = Result.getOrThrow(sealEnvelope(draft, plaintext, options))

  it("makes an envelope that each addressed device opens", () => {
    for (const name of ["bob", "cy"]) {
      const opened = Result.getOrThrow(openEnvelope(envelope, openContextOf(mesh, name)))
      assert.deepStrictEqual(opened.content, utf8("hello"))
      assert.strictEqual(opened.addressee.device, memberOf(mesh, name).device)
      assert.strictEqual(opened.sender.id, ada.device)
    }
  })

  it("puts the addressees in their one order", () => {
    assert.isTrue(isWellAddressed(envelope))
  })

  it("signs the hashes of header and body with the device's key", () => {
    const claim = {
      domain: "cm1/envelope",
      object: envelopeInput(envelope),
      signature: fromBase64Url(envelope.sig),
      publicKey: ada.deviceKey.publicKey
    } as const

    assert.isTrue(verify(claim))
  })

  it("seals the same message in the same way for the same chance", () => {
    assert.deepStrictEqual(sealEnvelope(draft, plaintext, options), Result.succeed(envelope))
  })

  it("keeps the commitment, and nothing else that is secret, when it seals again", () => {
    const random = bytes(sealRandomBytes(2))
    const again = Result.getOrThrow(
      sealEnvelope({ ...draft, attempt: 1 }, plaintext, { ...options, random })
    )

    assert.strictEqual(again.header.commit, envelope.header.commit)
    assert.notStrictEqual(again.header.ck_commit, envelope.header.ck_commit)
    assert.notStrictEqual(again.body, envelope.body)
    assert.notStrictEqual(again.wraps[0]?.kem, envelope.wraps[0]?.kem)
  })

  it("says nothing of the words outside the box", () => {
    const text = JSON.stringify(sealBetween(mesh, { ...letter, text: "canary" }))

    assert.notInclude(text, "canary")
    assert.notInclude(text, toBase64Url(utf8("canary")).slice(0, 8))
  })

  it("gives short and empty messages one length", () => {
    const lengths = ["", "hi", "x".repeat(150)].map((text) =>
      sealBetween(mesh, { ...letter, text }).body.length
    )

    assert.strictEqual(new Set(lengths).size, 1)
  })

  it("refuses a device without a prekey, and one whose prekey is no key", () => {
    const { device } = memberOf(mesh, "bob")
    const bare = new Map([...options.prekeys].filter(([id]) => id !== device))
    const key = toBase64Url(new Uint8Array(1216))
    const broken = new Map([...options.prekeys, [device, { ...prekeyOf(mesh, "bob"), key }]])

    assert.strictEqual(
      outcomeOf(sealEnvelope(draft, plaintext, { ...options, prekeys: bare })),
      "reseal"
    )
    assert.strictEqual(
      outcomeOf(sealEnvelope(draft, plaintext, { ...options, prekeys: broken })),
      "reseal"
    )
  })

  it("takes the largest content there may be, and refuses one byte more", () => {
    const full = { ...plaintext, content: new Uint8Array(limits.contentBytesMax) }
    const more = { ...plaintext, content: new Uint8Array(limits.contentBytesMax + 1) }

    const sealed = Result.getOrThrow(sealEnvelope(draft, full, options))
    assert.isAtMost(envelopeBytes(sealed), limits.envelopeBytesMax)
    assert.strictEqual(outcomeOf(sealEnvelope(draft, more, options)), "too_large")
  })

  it("refuses what no frame carries: large content for many devices", () => {
    const to = ["bob", "cy", "di", "ed", "flo", "gus"]
    const prekeys = new Map(to.map((name) => [memberOf(mesh, name).device, prekeyOf(mesh, name)]))
    const full = { ...plaintext, content: new Uint8Array(limits.contentBytesMax) }
    const many = { prekeys, random: bytes(sealRandomBytes(6)), key: ada.deviceKey }

    const outcome = sealEnvelope(draftOf(mesh, { ...letter, to }), full, many)

    assert.strictEqual(outcomeOf(outcome), "too_large")
  })

  it("dies for too little or too much chance, so that no key is ever short", () => {
    for (const random of [new Uint8Array(0), options.random.subarray(1), bytes(500)]) {
      assert.throws(() => sealEnvelope(draft, plaintext, { ...options, random }), RangeError)
    }
  })

  it("carries the sessions at both ends, and the number of the attempt", () => {
    const session = SessionId.make("6f1c0de0-1111-4222-8333-944455556666")
    const { device } = memberOf(mesh, "bob")
    const change = { from: { device: ada.device, session }, to: [{ device, session, sseq: 9 }] }
    const one = { ...options, random: bytes(sealRandomBytes(1)) }

    const { header } = Result.getOrThrow(
      sealEnvelope({ ...draft, ...change, attempt: 3 }, plaintext, one)
    )

    assert.deepStrictEqual<unknown>({ from: header.from, to: header.to }, change)
    assert.strictEqual(header.attempt, 3)
  })
})

describe("contentKeyCommitment", () => {
  it("differs for keys that differ", () => {
    const commitments = [1, 2, 3].map(() => contentKeyCommitment(Redacted.make(bytes(32))))

    assert.strictEqual(new Set(commitments).size, 3)
  })
})
