import {
  appended,
  craftEnvelope,
  flipBase64Url,
  makeMesh,
  memberOf,
  openContextOf,
  outcomeOf,
  prekeyOf,
  resigned,
  revocationOf,
  sealBetween,
  statementBy,
  withJoined
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Redacted, Result } from "effect"
import { toBase64Url, utf8 } from "./crypto/mod.ts"
import type { Envelope } from "./envelope.ts"
import { limits } from "./limits.ts"
import { type OpenContext, openEnvelope, readEnvelope } from "./open_envelope.ts"

const mesh = makeMesh("open", ["ada", "bob", "cy"])
const letter = { from: "ada", to: ["bob"], text: "hello" }
const envelope = sealBetween(mesh, letter)
const toBoth = sealBetween(mesh, { ...letter, to: ["bob", "cy"] })
const bob = openContextOf(mesh, "bob")

describe("readEnvelope", () => {
  it("reads an envelope from JSON", () => {
    assert.deepStrictEqual(
      readEnvelope(JSON.parse(JSON.stringify(envelope))),
      Result.succeed(envelope)
    )
  })

  it.each([
    ["nothing", undefined],
    ["null", null],
    ["a list", [envelope]],
    ["a field more", { ...envelope, extra: 1 }],
    ["a field more in the header", { ...envelope, header: { ...envelope.header, extra: 1 } }],
    ["a wrap too few", { ...toBoth, wraps: toBoth.wraps.slice(1) }],
    ["wraps in another order", { ...toBoth, wraps: toBoth.wraps.toReversed() }],
    ["a body in its second form", { ...envelope, body: flipSpareBit(envelope.body) }]
  ])("refuses %s as malformed", (_, json) => {
    assert.strictEqual(outcomeOf(readEnvelope(json)), "malformed")
  })
})

describe("openEnvelope", () => {
  it("opens what was sealed for this device, with all that was said", () => {
    const meta = { priority: "now", subject: "Tests" } as const
    const opened = Result.getOrThrow(openEnvelope(sealBetween(mesh, letter, { meta }), bob))

    assert.deepStrictEqual(opened.content, utf8("hello"))
    assert.deepStrictEqual(opened.meta, meta)
    assert.strictEqual(opened.sender.id, memberOf(mesh, "ada").device)
    assert.strictEqual(opened.addressee.sseq, 1)
  })

  it("opens what was sealed before others joined", () => {
    const later = withJoined(mesh, "dot")

    assert.strictEqual(opens(envelope, openContextOf(later, "bob")), "ok")
  })

  it("refuses what is larger than any frame carries", () => {
    const body = "A".repeat(limits.envelopeBytesMax)

    assert.strictEqual(opens({ ...envelope, body }), "too_large")
  })

  it("refuses addressees out of order", () => {
    const to = toBoth.header.to.toReversed()
    const turned = resigned(mesh, "ada", { ...toBoth, header: { ...toBoth.header, to } })

    assert.strictEqual(opens(turned), "malformed")
  })

  it("refuses another mesh", () => {
    const other = makeMesh("elsewhere", ["ada", "bob", "cy"])

    assert.strictEqual(opens(sealBetween(other, letter)), "wrong_mesh")
    const moved = { ...envelope, header: { ...envelope.header, mesh: other.membership.mesh } }
    assert.strictEqual(opens(moved), "wrong_mesh")
    assert.strictEqual(opens(moved, { ...bob, membership: other.membership }), "unknown_sender")
  })

  it("refuses a sender whom the log does not know", () => {
    const { device } = memberOf(makeMesh("elsewhere", ["eve"]), "eve")
    const forged = { ...envelope, header: { ...envelope.header, from: { device } } }

    assert.strictEqual(opens(forged), "unknown_sender")
  })

  it("refuses a signature of another member", () => {
    assert.strictEqual(opens(resigned(mesh, "bob", envelope)), "bad_signature")
    assert.strictEqual(opens(resigned(mesh, "cy", envelope)), "bad_signature")
  })

  it("refuses a member who puts its name on another's words", () => {
    const { device } = memberOf(mesh, "cy")
    const header = { ...envelope.header, from: { device } }

    // The signature is cy's own, but the box is bound to ada's header.
    assert.strictEqual(opens(resigned(mesh, "cy", { ...envelope, header })), "undecryptable")
  })

  it("asks to read on for a sender who is ahead of our log, known or not yet", () => {
    const later = withJoined(mesh, "dot")

    assert.strictEqual(opens(sealBetween(later, letter)), "head_moved")
    assert.strictEqual(opens(sealBetween(later, { ...letter, from: "dot" })), "head_moved")
    assert.strictEqual(opens(sealBetween(later, letter), openContextOf(later, "bob")), "ok")
  })

  it("tells a sender who saw another history", () => {
    const content = { kind: "member_revoke", body: { member: memberOf(mesh, "cy").id } } as const
    const ours = appended(mesh, statementBy(mesh, "ada", content))
    const theirs = withJoined(mesh, "dot")
    const sealed = sealBetween({
      ...theirs,
      membership: {
        ...theirs.membership,
        head: { ...theirs.membership.head, seq: ours.membership.head.seq }
      }
    }, letter)

    assert.strictEqual(opens(sealed, openContextOf(ours, "bob")), "membership_fork")
  })

  it("refuses a head that never was", () => {
    const none = craftEnvelope(mesh, letter, {
      header: { log_head: [0, toBase64Url(new Uint8Array(32))] }
    })

    assert.strictEqual(opens(none), "membership_fork")
  })

  it("refuses a sender who was revoked at the head it names", () => {
    const without = appended(mesh, revocationOf(mesh, "ada", "cy"))
    const late = sealBetween(without, { from: "cy", to: ["bob"], text: "still here" })

    assert.strictEqual(opens(late, openContextOf(without, "bob")), "revoked_sender")
  })

  it("refuses a sender who names a head from before it joined", () => {
    const early = craftEnvelope(mesh, { from: "cy", to: ["bob"], text: "x" }, {
      header: { log_head: [1, mesh.statements[1]?.prev ?? ""] }
    })

    assert.strictEqual(opens(early), "revoked_sender")
  })

  it("refuses what is addressed to another device", () => {
    assert.strictEqual(opens(envelope, openContextOf(mesh, "cy")), "not_addressed")
  })

  it("asks to seal again when the prekey is gone, and tries no other", () => {
    assert.strictEqual(opens(envelope, { ...bob, prekey: () => undefined }), "reseal")
    const renewed = memberOf(mesh, "cy").prekeyPair
    assert.strictEqual(opens(envelope, { ...bob, prekey: () => renewed }), "undecryptable")
  })

  it("refuses a wrap or a body that was made for another header", () => {
    const other = sealBetween(mesh, { ...letter, text: "other" })
    const moved = [
      { ...envelope, wraps: other.wraps },
      { ...envelope, body: other.body },
      { ...envelope, header: other.header }
    ]

    for (const swapped of moved) {
      assert.strictEqual(opens(swapped), "bad_signature")
      assert.strictEqual(opens(resigned(mesh, "ada", swapped)), "undecryptable")
    }
  })

  it("refuses a wrap under another prekey's name", () => {
    const wraps = envelope.wraps.map((wrap) => ({ ...wrap, prekey: prekeyOf(mesh, "cy").id }))

    assert.strictEqual(opens({ ...envelope, wraps }), "bad_signature")
    assert.strictEqual(opens(resigned(mesh, "ada", { ...envelope, wraps })), "reseal")
  })

  it("refuses one body that opens differently for two people", () => {
    const to = ["bob", "cy"]
    const otherKey = Redacted.make(mesh.bytes(32))
    const split = craftEnvelope(mesh, { ...letter, to }, { otherKey })

    const outcomes = to.map((name) => opens(split, openContextOf(mesh, name))).toSorted()
    assert.deepStrictEqual(outcomes, ["commit_mismatch", "ok"])
  })

  it("refuses words that the sender did not commit to", () => {
    const commit = toBase64Url(mesh.bytes(32))

    assert.strictEqual(
      opens(craftEnvelope(mesh, letter, { header: { commit } })),
      "commit_mismatch"
    )
  })

  it("refuses a box of another size than the header says", () => {
    assert.strictEqual(
      opens(craftEnvelope(mesh, letter, { header: { pad: 1_024 } })),
      "undecryptable"
    )
    assert.strictEqual(
      opens(craftEnvelope(mesh, letter, { bytes: new Uint8Array(16) })),
      "undecryptable"
    )
  })

  it("refuses a box that is not laid out as a message", () => {
    assert.strictEqual(
      opens(craftEnvelope(mesh, letter, { bytes: new Uint8Array(256) })),
      "malformed"
    )
  })

  it.each(["", "AAAA", "A".repeat(32)])(
    "refuses a body that is too short to be one: %j",
    (body) => {
      const verdict = opens(resigned(mesh, "ada", { ...envelope, body }))

      assert.include(["malformed", "undecryptable"], verdict)
    }
  )

  it("refuses a turned bit in every part that is not signed again", () => {
    const wrap = envelope.wraps[0] ?? assert.fail("there is no wrap")
    const turned: ReadonlyArray<Envelope> = [
      { ...envelope, sig: flipBase64Url(envelope.sig, 1) },
      { ...envelope, body: flipBase64Url(envelope.body, 500) },
      { ...envelope, wraps: [{ ...wrap, kem: flipBase64Url(wrap.kem, 500) }] },
      { ...envelope, wraps: [{ ...wrap, box: flipBase64Url(wrap.box, 50) }] },
      { ...envelope, header: { ...envelope.header, ttl: 1 } }
    ]

    assert.deepStrictEqual(turned.map((one) => opens(one)), turned.map(() => "bad_signature"))
  })
})

function opens(sealed: Envelope, context: OpenContext = bob): string {
  return outcomeOf(openEnvelope(sealed, context))
}

function flipSpareBit(text: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
  return text.slice(0, -1) + (alphabet[alphabet.indexOf(text.at(-1) ?? "") ^ 1] ?? "")
}
