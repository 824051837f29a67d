// What a broker, a member or a stranger may do to a sealed message on its way, and what comes of it.
import {
  appended,
  flipBit,
  makeMesh,
  mutatedJson,
  mutatedText,
  openContextOf,
  outcomeOf,
  prekeyOf,
  resigned,
  revocationOf,
  sealBetween,
  seededDraw,
  withJoined
} from "@claudemesh/testkit"
import { Arbitrary } from "effect"
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { fromUtf8, utf8 } from "./crypto/mod.ts"
import { type Envelope, Meta } from "./envelope.ts"
import { isErrorCode } from "./errors.ts"
import { parseUntrustedJson } from "./json_text.ts"
import { type OpenContext, openEnvelope, readEnvelope } from "./open_envelope.ts"

const mesh = makeMesh("tampering", ["ada", "bob", "cy"])
const letter = { from: "ada", to: ["bob"], text: "hello" }
const envelope = sealBetween(mesh, letter)
const both = sealBetween(mesh, { ...letter, to: ["bob", "cy"] })
const bob = openContextOf(mesh, "bob")
const elsewhere = makeMesh("elsewhere", ["ada", "bob", "cy"])

describe("a sealed message", () => {
  it("with any one bit of its JSON turned is refused by name, or is the message itself", () => {
    const bytes = utf8(JSON.stringify(envelope))
    const outcomes = new Set<string>()
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const read = received(fromUtf8(flipBit(bytes, bit)) ?? "")
      if (Result.isSuccess(read)) assert.deepStrictEqual(read.success, envelope, `bit ${bit}`)
      else outcomes.add(outcomeOf(read))
    }

    assert.includeMembers([...outcomes], [
      "malformed",
      "bad_signature",
      "wrong_mesh",
      "unknown_sender"
    ])
    assert.deepStrictEqual([...outcomes].filter((outcome) => !isErrorCode(outcome)), [])
  })

  it("with any part of it replaced is refused by name, never with an exception", () => {
    const draw = seededDraw("tampering")
    const json = JSON.parse(JSON.stringify(both))
    for (let round = 0; round < 6_000; round++) {
      const changed = JSON.stringify(mutatedJson(mutatedJson(json, draw), draw))
      const text = draw(3) === 0 ? mutatedText(changed, draw) : changed
      const read = received(text)
      if (Result.isSuccess(read)) assert.deepStrictEqual(read.success, both)
      else assert.isTrue(isErrorCode(outcomeOf(read)))
    }
  })

  it("changed and signed again by its own sender is refused by name, never with an exception", () => {
    const draw = seededDraw("signed again")
    const json = JSON.parse(JSON.stringify(envelope))
    const outcomes = new Set<string>()
    for (let round = 0; round < 4_000; round++) {
      const read = readEnvelope(mutatedJson(json, draw))
      if (Result.isFailure(read)) continue
      const changed = resigned(mesh, "ada", read.success)
      const opened = openEnvelope(changed, bob)
      if (Result.isSuccess(opened)) assert.deepStrictEqual(changed, envelope)
      else outcomes.add(opened.failure)
    }

    assert.includeMembers([...outcomes], ["undecryptable", "membership_fork", "malformed"])
  })

  it.prop(
    "opens at its recipient as what was said, and at nobody else",
    [Schema.String, Meta, Arbitrary.schema(Schema.Literals(["bob", "cy"]))],
    ([text, meta, to]) => {
      const said = text.toWellFormed()
      const sealed = sealBetween(mesh, { ...letter, to: [to], text: said }, { meta })
      const other = to === "bob" ? "cy" : "bob"

      const opened = Result.getOrThrow(openEnvelope(sealed, openContextOf(mesh, to)))
      assert.deepStrictEqual([fromUtf8(opened.content), opened.meta], [said, meta])
      assert.strictEqual(opens(sealed, openContextOf(mesh, other)), "not_addressed")
    },
    { arbitrary: { seed: "sealed messages", runs: 150 } }
  )
})

describe("what a broker can do with two messages", () => {
  const other = sealBetween(mesh, { ...letter, text: "other" })

  it.each<[string, Envelope]>([
    ["headers", { ...envelope, header: other.header }],
    ["wraps", { ...envelope, wraps: other.wraps }],
    ["bodies", { ...envelope, body: other.body }],
    ["signatures", { ...envelope, sig: other.sig }],
    ["wraps and bodies", { ...envelope, wraps: other.wraps, body: other.body }],
    ["headers and signatures", { ...envelope, header: other.header, sig: other.sig }]
  ])("swapping their %s gives no third one", (_, swapped) => {
    assert.strictEqual(opens(swapped), "bad_signature")
  })

  it("replaying one into another mesh is refused there", () => {
    assert.strictEqual(opens(envelope, openContextOf(elsewhere, "bob")), "wrong_mesh")
  })

  it("handing one to another member is refused there", () => {
    assert.strictEqual(opens(envelope, openContextOf(mesh, "cy")), "not_addressed")
  })

  it("swapping the wraps of two recipients gives neither anything", () => {
    const [one, two] = both.wraps
    if (one === undefined || two === undefined) return assert.fail("there are not two wraps")
    const wraps = [{ ...two, device: one.device }, { ...one, device: two.device }]

    assert.strictEqual(opens({ ...both, wraps }), "bad_signature")
    assert.strictEqual(opens(resigned(mesh, "ada", { ...both, wraps })), "reseal")
  })
})

describe("what a member can do with another's message", () => {
  it("signing it in its own name gives nothing that opens", () => {
    const mine = sealBetween(mesh, { ...letter, from: "cy" })
    const stolen = { ...envelope, header: { ...envelope.header, from: mine.header.from } }

    assert.strictEqual(opens(resigned(mesh, "cy", stolen)), "undecryptable")
  })

  it("a recipient passing it on in the sender's name is refused", () => {
    const { to } = sealBetween(mesh, { ...letter, from: "ada", to: ["cy"] }).header
    const passed = resigned(mesh, "bob", { ...envelope, header: { ...envelope.header, to } })

    assert.strictEqual(opens(passed, openContextOf(mesh, "cy")), "malformed")
    const wraps = envelope.wraps.map((wrap) => ({ ...wrap, device: to[0]?.device ?? wrap.device }))
    const addressed = resigned(mesh, "bob", { ...passed, wraps })
    assert.strictEqual(opens(addressed, openContextOf(mesh, "cy")), "bad_signature")
  })

  it("naming another's prekey gives a verdict, and no other key is tried", () => {
    const wraps = envelope.wraps.map((wrap) => ({ ...wrap, prekey: prekeyOf(mesh, "cy").id }))

    assert.strictEqual(opens(resigned(mesh, "ada", { ...envelope, wraps })), "reseal")
  })
})

describe("what a sender who was put out can do", () => {
  const without = appended(mesh, revocationOf(mesh, "ada", "cy"))
  const context = openContextOf(without, "bob")

  it("is refused when it names any head since", () => {
    const later = withJoined(without, "dot")
    const sealed = sealBetween(later, { from: "cy", to: ["bob"], text: "x" })

    assert.strictEqual(opens(sealed, openContextOf(later, "bob")), "revoked_sender")
  })

  it("is heard when it names the head before: only the broker's fence tells when it was sent", () => {
    const before = sealBetween(mesh, { from: "cy", to: ["bob"], text: "x" })

    assert.strictEqual(opens(before, context), "ok")
  })
})

/** The envelope that arrived as text, if it opens. */
function received(text: string): Result.Result<Envelope, string> {
  const json = parseUntrustedJson(text)
  if (Result.isFailure(json)) return Result.fail(json.failure.code)
  return Result.flatMap(
    readEnvelope(json.success),
    (read) => Result.map(openEnvelope(read, bob), () => read)
  )
}

function opens(sealed: Envelope, context: OpenContext = bob): string {
  return outcomeOf(openEnvelope(sealed, context))
}
