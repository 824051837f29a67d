/**
 * The table of frames between a device and its broker: JSON text, tagged by `type`.
 *
 * Requests carry `ref`, which the answer repeats. Versions only add; a frame
 * or field that is not known is answered `unsupported`, and the connection
 * stays.
 *
 * @module
 */
import { Result, Schema } from "effect"
import { AttachClaim } from "./attach.ts"
import { Bytes16, Bytes64, Count, Millis } from "./encodings.ts"
import { Envelope, LogHeadPair } from "./envelope.ts"
import { CodeText, knownCode, type Refused, refused } from "./errors.ts"
import { DeviceId, LogId, MeshId, MessageId } from "./ids.ts"
import { parseUntrustedJson } from "./json_text.ts"
import { limits } from "./limits.ts"
import { Prekey } from "./prekeys.ts"
import { DevicePresence } from "./presence.ts"
import { Statement } from "./statements.ts"

const Ref = Count
/** Half of all numbers: what a device numbers next lies above it, and no broker may leave it none. */
const StreamFloor = Count.check(Schema.isLessThanOrEqualTo(2 ** 52))
const Versions = Schema.Array(Count).check(Schema.isMaxLength(16))
const Statements = Schema.Array(Statement).check(Schema.isMaxLength(limits.statementsPerFrameMax))

/** Proves a device of one mesh on this connection. Answered by `attached` or `refused`. */
export const Attach = Schema.Struct({
  type: Schema.tag("attach"),
  ...AttachClaim.fields,
  sig: Bytes64
})
export type Attach = typeof Attach.Type

/** Ends the attachment to one mesh; answered by `detached`. */
export const Detach = Schema.Struct({ type: Schema.tag("detach"), mesh: MeshId })

/** Hands over one envelope. Answered by `admitted` or `refused`; sending it again gives the same answer. */
export const Send = Schema.Struct({ type: Schema.tag("send"), ref: Ref, envelope: Envelope })
export type Send = typeof Send.Type

/** Everything up to `upto` is committed here. Cumulative, unanswered unless it is refused. */
export const Ack = Schema.Struct({ type: Schema.tag("ack"), log: LogId, epoch: Count, upto: Count })
export type Ack = typeof Ack.Type

/** Asks for the membership log after a statement. */
export const ReadStatements = Schema.Struct({
  type: Schema.tag("read_statements"),
  ref: Ref,
  mesh: MeshId,
  after: Count
})

/** Appends one statement. Answered by `appended` or `refused`; `head_moved` says to sign it again. */
export const Append = Schema.Struct({ type: Schema.tag("append"), ref: Ref, statement: Statement })

/** Publishes the device's newest prekey. */
export const PutPrekey = Schema.Struct({ type: Schema.tag("put_prekey"), ref: Ref, prekey: Prekey })

/** Asks for the newest prekeys of devices. */
export const GetPrekeys = Schema.Struct({
  type: Schema.tag("get_prekeys"),
  ref: Ref,
  mesh: MeshId,
  devices: Schema.Array(DeviceId).check(Schema.isMaxLength(16))
})

/** Shows that the connection lives; `t` comes back. */
export const Ping = Schema.Struct({ type: Schema.tag("ping"), t: Count })

/** What a device sends. */
export const DeviceFrame = Schema.Union([
  Attach,
  Detach,
  Send,
  Ack,
  ReadStatements,
  Append,
  PutPrekey,
  GetPrekeys,
  Ping
]).pipe(Schema.toTaggedUnion("type"))
export type DeviceFrame = typeof DeviceFrame.Type

/** The first frame of a connection. The nonce is good for one attach per mesh. */
export const Challenge = Schema.Struct({
  type: Schema.tag("challenge"),
  nonce: Bytes16,
  origin: Schema.String,
  versions: Versions
})
export type Challenge = typeof Challenge.Type

/** The device is attached. Statements and entries it lacks follow by themselves. */
export const Attached = Schema.Struct({
  type: Schema.tag("attached"),
  mesh: MeshId,
  /** Number of this attachment: acks and pushes carry it, so that an older connection is noticed. */
  epoch: Count,
  /** Names the broker's store; another one means that it may have lost something. */
  store_epoch: Bytes16,
  head: LogHeadPair,
  /** The highest number in any stream of this device that was ever admitted. */
  sseq_floor: StreamFloor,
  /** The broker's clock: for display and the times of statements. */
  now: Millis
})
export type Attached = typeof Attached.Type

/** A request was refused. */
export const RefusedFrame = Schema.Struct({
  type: Schema.tag("refused"),
  ref: Schema.optionalKey(Ref),
  mesh: Schema.optionalKey(MeshId),
  id: Schema.optionalKey(MessageId),
  code: CodeText,
  message: Schema.String,
  retry_after_ms: Schema.optionalKey(Count)
})
export type RefusedFrame = typeof RefusedFrame.Type

/** The refusal that a frame carries; a code of a later version is `unsupported` here. */
export function refusalOf({ code, message, retry_after_ms }: RefusedFrame): Refused {
  return refused(knownCode(code), message, retry_after_ms === undefined ? {} : { retry_after_ms })
}

/** The attachment has ended. */
export const Detached = Schema.Struct({
  type: Schema.tag("detached"),
  mesh: MeshId,
  code: DetachCode()
})

/** The envelope is committed in every addressed log. */
export const Admitted = Schema.Struct({ type: Schema.tag("admitted"), ref: Ref, id: MessageId })

/** An entry of the device's log, in order. The envelope is checked by the receiver. */
export const Push = Schema.Struct({
  type: Schema.tag("push"),
  log: LogId,
  epoch: Count,
  seq: Count,
  envelope: Schema.Unknown
})
export type Push = typeof Push.Type

/** Statements in order: asked for, missing at attach, or just appended. */
export const StatementsFrame = Schema.Struct({
  type: Schema.tag("statements"),
  ref: Schema.optionalKey(Ref),
  mesh: MeshId,
  items: Statements,
  /** The number of the last statement there is. */
  head: Count
})

/** The statement is in the log. */
export const Appended = Schema.Struct({ type: Schema.tag("appended"), ref: Ref, head: LogHeadPair })

/** The prekey is stored. */
export const PrekeyStored = Schema.Struct({ type: Schema.tag("prekey_stored"), ref: Ref })

/** The newest prekeys there are; devices without one are left out. */
export const Prekeys = Schema.Struct({
  type: Schema.tag("prekeys"),
  ref: Ref,
  items: Schema.Array(Prekey)
})

/** Who is there: everybody after an attach, then what changes. */
export const PresenceFrame = Schema.Struct({
  type: Schema.tag("presence"),
  mesh: MeshId,
  items: Schema.Array(DevicePresence)
})

/** The answer to a ping. */
export const Pong = Schema.Struct({ type: Schema.tag("pong"), t: Count })

/** The broker is stopping: come back after so long, plus a random part of the jitter. */
export const GoAway = Schema.Struct({
  type: Schema.tag("goaway"),
  after_ms: Count,
  jitter_ms: Count
})

/** A frame or field that this broker does not know. */
export const Unsupported = Schema.Struct({
  type: Schema.tag("unsupported"),
  ref: Schema.optionalKey(Ref),
  message: Schema.String,
  versions: Versions
})

/** What a broker sends. */
export const BrokerFrame = Schema.Union([
  Challenge,
  Attached,
  RefusedFrame,
  Detached,
  Admitted,
  Push,
  StatementsFrame,
  Appended,
  PrekeyStored,
  Prekeys,
  PresenceFrame,
  Pong,
  GoAway,
  Unsupported
]).pipe(Schema.toTaggedUnion("type"))
export type BrokerFrame = typeof BrokerFrame.Type

/** Why an attachment ended. */
function DetachCode() {
  return Schema.Literals(["left", "replaced", "revoked_device", "shutting_down"])
}

/** Where a broker takes WebSockets. */
export const SOCKET_PATH = "/v1/socket"

/**
 * The request header in which a client names the origin that it dialled, over HTTP and at the upgrade: a proxy may
 * change `Host`, and one broker may have several names. The broker answers for that origin, if it is its own.
 */
export const DIALLED_HEADER = "x-claudemesh-origin"

/** Close codes of a connection, beside the standard ones. */
export const closeCodes = {
  normal: 1000,
  goingAway: 1001,
  policy: 1008,
  tooBig: 1009,
  restart: 1012,
  overloaded: 1013,
  kicked: 4001,
  revoked: 4002,
  replaced: 4003,
  unsupportedVersion: 4010
} as const

const exact = { onExcessProperty: "error" } as const
const decodeDevice = Schema.decodeUnknownResult(DeviceFrame, exact)
const decodeBroker = Schema.decodeUnknownResult(BrokerFrame, exact)

/** Reads a frame from a device: `malformed` if it is no JSON object with a type, `unsupported` if it is not known. */
export function readDeviceFrame(text: string): Result.Result<DeviceFrame, Refused> {
  return readFrame(text, decodeDevice)
}

/** Reads a frame from a broker, likewise. */
export function readBrokerFrame(text: string): Result.Result<BrokerFrame, Refused> {
  return readFrame(text, decodeBroker)
}

function readFrame<Frame>(
  text: string,
  decode: (json: unknown) => Result.Result<Frame, { readonly message: string }>
): Result.Result<Frame, Refused> {
  return Result.flatMap(parseUntrustedJson(text), (json) => {
    if (frameType(json) === undefined) {
      return Result.fail(refused("malformed", "Cannot read the frame: it has no type"))
    }
    return Result.mapError(
      decode(json),
      ({ message }) =>
        refused(
          "unsupported",
          `Cannot read the frame "${frameType(json)}": ${message.slice(0, 200)}`
        )
    )
  })
}

function frameType(json: unknown): string | undefined {
  if (typeof json !== "object" || json === null || !("type" in json)) return undefined
  return typeof json.type === "string" ? json.type.slice(0, 32) : undefined
}

/** The `ref` of a request that could not be read, so that its refusal finds the asker. */
export function refOf(text: string): number | undefined {
  const json = Result.getOrUndefined(parseUntrustedJson(text))
  if (typeof json !== "object" || json === null || !("ref" in json)) return undefined
  return Schema.is(Ref)(json.ref) ? json.ref : undefined
}

/** The text of a frame. */
export function writeFrame(frame: DeviceFrame | BrokerFrame): string {
  return JSON.stringify(frame)
}
