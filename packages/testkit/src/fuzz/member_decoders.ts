/**
 * The readers of what members say: statements, prekeys, receipts, attaches, plaintexts, invite links.
 *
 * @module
 */
import {
  Attach,
  AttachClaim,
  foldStatement,
  foldStatements,
  formatInviteLink,
  liveDevices,
  liveMember,
  type Membership,
  packPlaintext,
  parseInviteLink,
  parseUntrustedJson,
  Prekey,
  Receipt,
  type ReceiptParties,
  ReceiptsContent,
  signAttach,
  signReceipt,
  signStatement,
  Statement,
  unpackPlaintext,
  verifyAttach,
  verifyPrekey,
  verifyReceipt
} from "@claudemesh/protocol"
import { canonicalJson, toBase64Url, utf8 } from "@claudemesh/protocol/crypto"
import { Redacted, Result, Schema } from "effect"
import {
  joinOf,
  MADE_AT,
  makeMember,
  makeMesh,
  memberOf,
  offerOf,
  revocationOf,
  statementBy,
  withOffer
} from "../made_mesh.ts"
import { messageIdOf, prekeyOf } from "../made_message.ts"
import { outcomeOf } from "../outcome.ts"
import { jsonCases, textCases } from "./cases.ts"
import { type Decoder, readTwice } from "./decoder.ts"
import { encoderOf, type PlainSchema, toJson } from "./samples.ts"

const mesh = makeMesh("fuzz", ["ada", "bob", "cy"])
const offered = withOffer(mesh)
const [ada, bob] = [memberOf(mesh, "ada"), memberOf(mesh, "bob")]
const parties: ReceiptParties = {
  mesh: mesh.membership.mesh,
  sender: ada.device,
  recipient: bob.device
}
const challenge = { nonce: toBase64Url(mesh.bytes(16)), origin: "https://mesh.acme.dev" }

/** The table. */
export const memberDecoders: ReadonlyArray<Decoder> = [
  {
    name: "foldStatements",
    covers: ["foldStatements"],
    cases: jsonCases(
      "foldStatements",
      () => [toJson(makeMesh("short", ["ada", "bob"]).statements)]
    ),
    read: (text) => Result.match(decoded(Log, text), { onFailure: String, onSuccess: foldedLog })
  },
  {
    name: "foldStatement",
    covers: ["foldStatement", "verifyStatement", "statementBytes", "statementHash"],
    cases: jsonCases("foldStatement", () => nextStatements().map(toJson)),
    read: (text) =>
      Result.match(decoded(Statement, text), { onFailure: String, onSuccess: foldedNext })
  },
  {
    name: "verifyPrekey",
    covers: ["verifyPrekey"],
    cases: jsonCases("verifyPrekey", () => [toJson(prekey), toJson(prekeyOf(mesh, "bob"))]),
    read: (text) =>
      verified(Prekey, text, {
        genuine: prekey,
        verify: (read) => verifyPrekey(read, ada.record.key)
      })
  },
  {
    name: "verifyReceipt",
    covers: ["verifyReceipt"],
    cases: jsonCases("verifyReceipt", () => [toJson(receipt)]),
    read: (text) =>
      verified(Receipt, text, {
        genuine: receipt,
        verify: (read) => verifyReceipt(read, parties, bob.record.key)
      })
  },
  {
    name: "verifyAttach",
    covers: ["verifyAttach", "commonVersion"],
    cases: jsonCases("verifyAttach", () => [toJson(attach)]),
    read: (text) => verified(Attach, text, { genuine: attach, verify: isAttachOfAda })
  },
  {
    name: "receipts of an envelope",
    covers: ["ReceiptsContent"],
    cases: jsonCases(
      "receipts of an envelope",
      () => [{ receipts: [toJson(receipt), toJson(receipt)] }]
    ),
    read: (text) =>
      readTwice({
        read: (from) => Result.mapError(readReceipts(from), () => "misfit"),
        write: (value) => JSON.stringify(value)
      }, text)
  },
  {
    name: "unpackPlaintext",
    covers: ["unpackPlaintext", "commitmentOf", "packPlaintext"],
    cases: textCases("unpackPlaintext", plaintexts),
    read: (text) => unpacked(Uint8Array.from(text, (character) => character.charCodeAt(0)))
  },
  {
    name: "parseInviteLink",
    covers: ["parseInviteLink", "formatInviteLink"],
    cases: textCases("parseInviteLink", () => [link, ` ${link}\n`]),
    read: (text) => readTwice({ read: parseInviteLink, write: formatInviteLink }, text)
  }
]

const Log = Schema.Array(Statement)
const readReceipts = Schema.decodeUnknownResult(ReceiptsContent)
const prekey = prekeyOf(mesh, "ada")
const receipt = signReceipt(
  { id: messageIdOf(1), commit: toBase64Url(mesh.bytes(32)), stage: "inboxed", at: MADE_AT },
  parties,
  bob.deviceKey
)
const claim: AttachClaim = {
  mesh: parties.mesh,
  device: ada.device,
  have: { statements: 3, upto: 7 },
  incarnation: toBase64Url(mesh.bytes(16)),
  versions: [1]
}
const attach: Attach = {
  type: "attach",
  ...claim,
  sig: signAttach(claim, challenge, ada.deviceKey)
}
const link = formatInviteLink({
  ...challenge,
  mesh: parties.mesh,
  secret: Redacted.make(mesh.bytes(16))
})

/** One statement of every kind that may follow. */
function nextStatements(): ReadonlyArray<Statement> {
  const body = { key: toBase64Url(offered.invite.publicKey) }
  const device = { device: bob.device, reason: "lost" }
  return [
    offerOf(offered.mesh, mesh.root),
    statementBy(offered.mesh, "ada", { kind: "invite_revoke", body }),
    statementBy(offered.mesh, "bob", { kind: "device_revoke", body: device }),
    revocationOf(offered.mesh, "ada", "cy"),
    joinOf(offered, makeMember("dot", mesh.bytes))
  ]
}

function decoded<A>(schema: Schema.Codec<A, unknown>, text: string): Result.Result<A, string> {
  const decode = Schema.decodeUnknownResult(schema, { onExcessProperty: "error" })
  return Result.flatMap(
    Result.mapError(parseUntrustedJson(text), ({ code }) => code),
    (json) => Result.mapError(decode(json), () => "misfit")
  )
}

function foldedLog(statements: ReadonlyArray<Statement>): string {
  const folded = foldStatements(statements)
  if (Result.isSuccess(folded)) assertGoverned(folded.success)
  return outcomeOf(folded)
}

/** What follows is folded as it came, and as its author would have signed it. */
function foldedNext(statement: Statement): string {
  const { sig: _, ...unsigned } = statement
  const author = [...mesh.members.values()].find(({ id }) => id === statement.by)
  const again = author === undefined ? statement : signStatement(unsigned, author.key)
  const outcomes = [statement, again].map((next) => {
    const folded = foldStatement(offered.mesh.membership, next)
    if (Result.isSuccess(folded)) assertFollows(folded.success)
    return outcomeOf(folded)
  })
  return outcomes.join(", ")
}

function assertFollows(membership: Membership): void {
  if (membership.head.seq !== offered.mesh.membership.head.seq + 1) {
    throw new Error(`Takes statement ${membership.head.seq} for the next`)
  }
  assertGoverned(membership)
}

/** A mesh that nobody can act for any more is lost. */
function assertGoverned(membership: Membership | undefined): void {
  if (membership === undefined) return
  const owners = liveDevices(membership).map(({ member }) => liveMember(membership, member))
  if (!owners.some((owner) => owner?.role === "admin")) {
    throw new Error("Leaves a mesh without admin")
  }
}

interface Genuine<A> {
  readonly genuine: A
  readonly verify: (read: A) => boolean
}

/** A signature holds for what was signed, however it is written, and for nothing else. */
function verified<A>(
  schema: Schema.Codec<A, unknown>,
  text: string,
  { genuine, verify }: Genuine<A>
): string {
  const read = decoded(schema, text)
  if (Result.isFailure(read)) return read.failure
  const isGenuine = canonicalText(schema, read.success) === canonicalText(schema, genuine)
  if (verify(read.success) === isGenuine) return isGenuine ? "ok" : "bad_signature"
  throw new Error(isGenuine ? "Does not know its own signature" : "Takes what nobody signed")
}

function canonicalText(schema: PlainSchema, value: unknown): string {
  return canonicalJson(toJson(encoderOf(schema)(value)))
}

function isAttachOfAda({ sig, ...read }: Attach): boolean {
  return verifyAttach(read, challenge, { sig, deviceKey: ada.record.key })
}

function plaintexts(): ReadonlyArray<string> {
  const metas = [
    { priority: "next" },
    { priority: "now", subject: "\u00e9", reply_to: messageIdOf(1), hops: 3 }
  ] as const
  return metas.map((meta) => {
    const packed = packPlaintext({ meta, content: utf8("hello"), salt: mesh.bytes(32) })
    return String.fromCharCode(...packed?.bytes ?? [])
  })
}

/** What was unpacked is packed to the same commitment. */
function unpacked(bytes: Uint8Array): string {
  const read = unpackPlaintext(bytes)
  if (read === undefined) return "misfit"
  const packed = packPlaintext(read.plaintext)
  return packed === undefined ? "too_large" : "ok"
}
