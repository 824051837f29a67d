/**
 * A sealed message as the broker sees it: who, to whom, in which order, and nothing of what it says.
 *
 * @module
 */
import { Schema } from "effect"
import { hashObject } from "./crypto/mod.ts"
import {
  AnyBytes,
  Bytes1120,
  Bytes32,
  Bytes48,
  Bytes64,
  Count,
  Millis,
  textOf
} from "./encodings.ts"
import { DeviceId, MeshId, MessageId, Name, PrekeyId, SessionId } from "./ids.ts"
import { limits } from "./limits.ts"
import { Priority } from "./vocabulary.ts"

/** Who sends: a device, and the session on it that the device vouches for. */
export const Sender = Schema.Struct({ device: DeviceId, session: Schema.optionalKey(SessionId) })
export type Sender = typeof Sender.Type

/** A number in a stream, or so many of them: from one. */
const StreamNumber = Schema.Int.check(
  Schema.isBetween({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
)

/** One addressed device, with the number of this envelope in the stream from the sender to it. */
export const Addressee = Schema.Struct({
  device: DeviceId,
  session: Schema.optionalKey(SessionId),
  sseq: StreamNumber,
  /** The highest number below it that is still to come: where that one is missing, this one waits for it. */
  after: Schema.optionalKey(StreamNumber),
  /** How many right below it have ended and will never come: expired, refused or withdrawn. */
  ended: Schema.optionalKey(StreamNumber)
})
export type Addressee = typeof Addressee.Type

/** What travels: a direct message, receipts for some, or a call and its answer. Posts and keys come later. */
export const EnvelopeClass = Schema.Literals(["dm", "receipt", "rpc"])
export type EnvelopeClass = typeof EnvelopeClass.Type

/** A class as it comes from a peer, who may be of a later version and know more of them. */
export const ClassText = Schema.String.check(
  Schema.isPattern(/^[a-z][a-z_]{0,15}$/, { expected: "a class of envelopes" })
)

/** The head of the membership log that the sender knew. */
export const LogHeadPair = Schema.Tuple([Count, Bytes32])

/** The part everyone can read. It is bound to the body and signed. */
export const EnvelopeHeader = Schema.Struct({
  v: Schema.Literal(1),
  mesh: MeshId,
  from: Sender,
  class: ClassText,
  to: Schema.Array(Addressee).check(
    Schema.isMinLength(1),
    Schema.isMaxLength(limits.recipientsMax)
  ),
  id: MessageId,
  attempt: Count,
  sent_at: Millis,
  ttl: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: limits.ttlMillisMax })),
  log_head: LogHeadPair,
  pad: Schema.Literals(limits.padBytes),
  commit: Bytes32,
  ck_commit: Bytes32
})
export type EnvelopeHeader = typeof EnvelopeHeader.Type

/** The content key, wrapped for one device's prekey. */
export const Wrap = Schema.Struct({
  device: DeviceId,
  prekey: PrekeyId,
  kem: Bytes1120,
  box: Bytes48
})
export type Wrap = typeof Wrap.Type

/** A sealed message: header, wraps in the order of `header.to`, body, signature of the sending device. */
export const Envelope = Schema.Struct({
  header: EnvelopeHeader,
  wraps: Schema.Array(Wrap).check(Schema.isMaxLength(limits.recipientsMax)),
  body: AnyBytes,
  sig: Bytes64
})
export type Envelope = typeof Envelope.Type

/** What is sealed beside the content. Later versions add fields; unknown ones are ignored. */
export const Meta = Schema.Struct({
  subject: Schema.optionalKey(textOf(limits.subjectCharactersMax)),
  priority: Priority,
  reply_to: Schema.optionalKey(MessageId),
  /** The agent run that sent it, as its device calls it; an answer may be addressed to it. */
  session: Schema.optionalKey(Schema.Struct({ id: SessionId, name: Name })),
  /** How many automatic hand-overs lie behind it. */
  hops: Schema.optionalKey(Count)
})
export type Meta = typeof Meta.Type

/** The associated data of body and wraps: the hash of the canonical header. */
export function headerHash(header: EnvelopeHeader): Uint8Array {
  return hashObject("cm1/header", header)
}

/** The hash of wraps and body, which the signature covers. */
export function bodyHash(envelope: Pick<Envelope, "wraps" | "body">): Uint8Array {
  return hashObject("cm1/body", { wraps: envelope.wraps, body: envelope.body })
}

/** Bytes of an envelope as it travels. Everything in it is ASCII. */
export function envelopeBytes(envelope: Envelope): number {
  return JSON.stringify(envelope).length
}

/** Orders addressees as an envelope lists them: by device. */
export function sortAddressees(to: ReadonlyArray<Addressee>): ReadonlyArray<Addressee> {
  return to.toSorted((one, other) => one.device < other.device ? -1 : 1)
}

/** Whether addressees are in their one order, each device once, each with its wrap. */
export function isWellAddressed({ header, wraps }: Pick<Envelope, "header" | "wraps">): boolean {
  return wraps.length === header.to.length && header.to.every(({ device }, at) => {
    const before = header.to[at - 1]
    return wraps[at]?.device === device && (before === undefined || before.device < device)
  })
}
