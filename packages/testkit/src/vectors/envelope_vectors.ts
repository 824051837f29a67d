/**
 * Vectors of sealed messages: opening one, or giving the verdict on it.
 *
 * @module
 */
import {
  Bytes32,
  DeviceId,
  foldStatements,
  type OpenContext,
  openEnvelope,
  prekeyIdOf,
  readEnvelope,
  Statement
} from "@claudemesh/protocol"
import { fromBase64Url, fromUtf8, kemKeyPair, toBase64Url } from "@claudemesh/protocol/crypto"
import { Redacted, Result, Schema } from "effect"
import { craftEnvelope } from "../crafted_message.ts"
import {
  appended,
  type MadeMesh,
  makeMesh,
  memberOf,
  revocationOf,
  withJoined
} from "../made_mesh.ts"
import { resigned, sealBetween } from "../made_message.ts"
import { flipBase64Url } from "../mutations.ts"
import { type Case, vectorSet } from "./vector_set.ts"

/** The log, who receives, and the secrets of their prekeys, by name. */
const Given = Schema.Struct({
  log: Schema.Array(Statement),
  recipients: Schema.Record(
    Schema.String,
    Schema.Struct({ device: DeviceId, prekey_secret: Bytes32 })
  )
})
const Input = Schema.Struct({ recipient: Schema.String, envelope: Schema.Json })
type EnvelopeCase = Case<typeof Input.Type>

/** Opening. */
export const envelopeVectors = vectorSet({
  file: "envelopes",
  about:
    "An envelope as it arrives at a recipient that knows the log: the words, or the verdict. `dee` has erased its prekey.",
  given: Given,
  input: Input,
  answer: ({ envelope, recipient }, given) =>
    Result.flatMap(
      readEnvelope(envelope),
      (read) =>
        Result.map(openEnvelope(read, contextOf(given, recipient)), (opened) => ({
          from: opened.sender.id,
          sseq: opened.addressee.sseq,
          meta: opened.meta,
          text: fromUtf8(opened.content) ?? null
        }))
    ),
  cases: () => {
    const mesh = makeMesh("envelope vectors", ["ada", "bob", "cy", "dee"])
    const known = appended(mesh, revocationOf(mesh, "ada", "cy"))
    const names = ["bob", "cy", "dee"]
    const recipients = names.map((name) => [name, recipientOf(mesh, name)] as const)
    return {
      given: { log: known.statements, recipients: Object.fromEntries(recipients) },
      cases: [
        ...soundCases(mesh),
        ...formCases(mesh),
        ...forgedCases(mesh),
        ...viewCases(mesh, known),
        ...craftCases(mesh),
        ...classCases(mesh)
      ]
    }
  }
})

function recipientOf(mesh: MadeMesh, name: string) {
  const { device, prekeyPair } = memberOf(mesh, name)
  const secret = name === "dee" ? new Uint8Array(32) : Redacted.value(prekeyPair.secretKey)
  return { device, prekey_secret: toBase64Url(secret) }
}

function contextOf({ log, recipients }: typeof Given.Type, name: string): OpenContext {
  const membership = Result.getOrThrow(foldStatements(log))
  const recipient = recipients[name]
  if (membership === undefined || recipient === undefined) throw new Error(`Who is "${name}"?`)
  const pair = kemKeyPair(Redacted.make(fromBase64Url(recipient.prekey_secret)))
  const id = prekeyIdOf(toBase64Url(pair.publicKey))
  return {
    membership,
    device: recipient.device,
    prekey: (wanted) => wanted === id ? pair : undefined
  }
}

const letter = { from: "ada", to: ["bob"], text: "hello" }

function soundCases(mesh: MadeMesh): ReadonlyArray<EnvelopeCase> {
  const both = sealBetween(mesh, { ...letter, to: ["bob", "cy"] })
  const subject = { meta: { priority: "now", subject: "Grüße" } } as const
  const later = { meta: { priority: "low", colour: "red" } } as const
  return [
    ["a message", "ok", at("bob", sealBetween(mesh, letter))],
    ["a message to two, at the first", "ok", at("bob", both)],
    ["a message to two, at the second", "ok", at("cy", both)],
    ["a subject and a priority", "ok", at("bob", sealBetween(mesh, letter, subject))],
    ["a meta field of a later version", "ok", at("bob", sealBetween(mesh, letter, later))],
    ["an empty message", "ok", at("bob", sealBetween(mesh, { ...letter, text: "" }))],
    ["1,000 bytes", "ok", at("bob", sealBetween(mesh, { ...letter, text: "x".repeat(1_000) }))]
  ]
}

/** The envelope as it arrives at the recipient of that name. */
function at(recipient: string, envelope: Schema.Json): typeof Input.Type {
  return { recipient, envelope }
}

function formCases(mesh: MadeMesh): ReadonlyArray<EnvelopeCase> {
  const envelope = sealBetween(mesh, letter)
  const both = sealBetween(mesh, { ...letter, to: ["bob", "cy"] })
  const { header, wraps } = envelope
  return [
    ["no envelope", "malformed", at("bob", { header })],
    ["a field more", "malformed", at("bob", { ...envelope, extra: 1 })],
    ["another version", "malformed", at("bob", { ...envelope, header: { ...header, v: 2 } })],
    [
      "a body in its second form",
      "malformed",
      at("bob", { ...envelope, body: `${envelope.body.slice(0, -1)}B` })
    ],
    ["a wrap too few", "malformed", at("bob", { ...both, wraps: both.wraps.slice(1) })],
    [
      "a device twice",
      "malformed",
      at("bob", {
        ...envelope,
        header: { ...header, to: [...header.to, ...header.to] },
        wraps: [...wraps, ...wraps]
      })
    ]
  ]
}

function forgedCases(mesh: MadeMesh): ReadonlyArray<EnvelopeCase> {
  const envelope = sealBetween(mesh, letter)
  const other = sealBetween(mesh, { ...letter, text: "other" })
  const { header } = envelope
  const stranger = memberOf(makeMesh("elsewhere", ["eve"]), "eve").device
  const byCy = { ...header, from: { device: memberOf(mesh, "cy").device } }
  const elsewhere = makeMesh("elsewhere", ["ada"]).membership.mesh
  const turnedSig = flipBase64Url(envelope.sig, 8)
  const turnedBody = flipBase64Url(envelope.body, 999)
  return [
    [
      "another mesh",
      "wrong_mesh",
      at("bob", { ...envelope, header: { ...header, mesh: elsewhere } })
    ],
    [
      "an unknown sender",
      "unknown_sender",
      at("bob", { ...envelope, header: { ...header, from: { device: stranger } } })
    ],
    ["a turned bit in the signature", "bad_signature", at("bob", { ...envelope, sig: turnedSig })],
    ["a turned bit in the body", "bad_signature", at("bob", { ...envelope, body: turnedBody })],
    [
      "another header field",
      "bad_signature",
      at("bob", { ...envelope, header: { ...header, ttl: 1 } })
    ],
    ["the body of another", "bad_signature", at("bob", { ...envelope, body: other.body })],
    ["the wraps of another", "bad_signature", at("bob", { ...envelope, wraps: other.wraps })],
    ["signed again by another member", "bad_signature", at("bob", resigned(mesh, "cy", envelope))],
    [
      "signed again by another member in its own name",
      "undecryptable",
      at("bob", resigned(mesh, "cy", { ...envelope, header: byCy }))
    ],
    ["to somebody else", "not_addressed", at("cy", envelope)],
    [
      "to a prekey that was erased",
      "reseal",
      at("dee", sealBetween(mesh, { ...letter, to: ["dee"] }))
    ]
  ]
}

function viewCases(mesh: MadeMesh, known: MadeMesh): ReadonlyArray<EnvelopeCase> {
  const fromCy = { from: "cy", to: ["bob"], text: "hello" }
  const ahead = withJoined(known, "flo")
  const forked = appended(mesh, revocationOf(mesh, "ada", "dee"))
  const early = { header: { log_head: [1, mesh.statements[1]?.prev ?? ""] as const } }
  return [
    ["a sender who is ahead", "head_moved", at("bob", sealBetween(ahead, letter))],
    [
      "a sender whom only a longer log knows",
      "head_moved",
      at("bob", sealBetween(ahead, { ...letter, from: "flo" }))
    ],
    ["a sender who saw another history", "membership_fork", at("bob", sealBetween(forked, letter))],
    ["a sender from before it was revoked", "ok", at("bob", sealBetween(mesh, fromCy))],
    ["a sender after it was revoked", "revoked_sender", at("bob", sealBetween(known, fromCy))],
    [
      "a sender from before it joined",
      "revoked_sender",
      at("bob", craftEnvelope(mesh, fromCy, early))
    ]
  ]
}

function craftCases(mesh: MadeMesh): ReadonlyArray<EnvelopeCase> {
  const both = { ...letter, to: ["bob", "cy"] }
  const otherKey = Redacted.make(mesh.bytes(32))
  const split = craftEnvelope(mesh, both, { otherKey })
  const second = split.header.to[1]?.device === memberOf(mesh, "bob").device ? "bob" : "cy"
  const commit = toBase64Url(mesh.bytes(32))
  return [
    ["one body that opens differently for two", "commit_mismatch", at(second, split)],
    [
      "words that were not committed to",
      "commit_mismatch",
      at("bob", craftEnvelope(mesh, letter, { header: { commit } }))
    ],
    [
      "a key that was not committed to",
      "commit_mismatch",
      at("bob", craftEnvelope(mesh, letter, { header: { ck_commit: commit } }))
    ],
    [
      "a box of another size",
      "undecryptable",
      at("bob", craftEnvelope(mesh, letter, { header: { pad: 1_024 } }))
    ],
    [
      "a box of zeros",
      "malformed",
      at("bob", craftEnvelope(mesh, letter, { bytes: new Uint8Array(256) }))
    ],
    [
      "a body shorter than a nonce",
      "malformed",
      at("bob", resigned(mesh, "ada", { ...sealBetween(mesh, letter), body: "AAAA" }))
    ]
  ]
}

function classCases(mesh: MadeMesh): ReadonlyArray<EnvelopeCase> {
  const call = sealBetween(mesh, { ...letter, text: "{\"method\":\"ping\"}" }, {
    draft: { class: "rpc" }
  })
  const later = sealBetween(mesh, letter, { draft: { class: "post" } })
  const { header } = later
  return [
    ["a call", "ok", at("bob", call)],
    ["a class of a later version", "ok", at("bob", later)],
    ["what is no class", "malformed", at("bob", { ...later, header: { ...header, class: "Post" } })]
  ]
}
