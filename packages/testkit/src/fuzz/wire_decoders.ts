/**
 * The readers of what comes from the other end of a wire: texts, frames, envelopes.
 *
 * @module
 */
import {
  BrokerFrame,
  DeviceFrame,
  Envelope,
  openEnvelope,
  parseUntrustedJson,
  readBrokerFrame,
  readDeviceFrame,
  readEnvelope,
  refOf,
  type Refused,
  sortAddressees,
  writeFrame
} from "@claudemesh/protocol"
import { canonicalJson } from "@claudemesh/protocol/crypto"
import { Result, Schema } from "effect"
import type { Json } from "../mutations.ts"
import { makeMesh } from "../made_mesh.ts"
import { openContextOf, resigned, sealBetween } from "../made_message.ts"
import { outcomeOf } from "../outcome.ts"
import { recordFrames } from "../vectors/recorded_frames.ts"
import { type Cases, jsonCases } from "./cases.ts"
import { assertSound, type Decoder, readTwice } from "./decoder.ts"
import { type PlainSchema, samplesOf, toJson } from "./samples.ts"

type Recipient = "broker" | "device"

const mesh = makeMesh("fuzz", ["ada", "bob", "cy"])
const letter = { from: "ada", to: ["bob", "cy"], text: "hello" }
const sealed = sealBetween(mesh, letter)
const bob = openContextOf(mesh, "bob")

/** The table. */
export const wireDecoders: ReadonlyArray<Decoder> = [
  {
    name: "parseUntrustedJson",
    covers: ["parseUntrustedJson"],
    cases: jsonCases("parseUntrustedJson", () => framesTo("broker")),
    read: readAsJson
  },
  {
    name: "readDeviceFrame",
    covers: ["readDeviceFrame", "writeFrame"],
    cases: frameCases("readDeviceFrame", "broker", DeviceFrame),
    read: (text) => readFrame(readDeviceFrame, text)
  },
  {
    name: "readBrokerFrame",
    covers: ["readBrokerFrame"],
    cases: frameCases("readBrokerFrame", "device", BrokerFrame),
    read: (text) => readFrame(readBrokerFrame, text)
  },
  {
    name: "refOf",
    covers: ["refOf"],
    cases: jsonCases("refOf", () => framesTo("broker")),
    read: (text) => {
      const ref = refOf(text)
      assertSound(ref)
      return ref === undefined ? "none" : "ok"
    }
  },
  {
    name: "readEnvelope",
    covers: ["readEnvelope", "isWellAddressed", "envelopeBytes"],
    cases: envelopeCases("readEnvelope"),
    read: (text) => readTwice({ read: envelopeOf, write: (value) => JSON.stringify(value) }, text)
  },
  {
    name: "openEnvelope",
    covers: ["openEnvelope"],
    cases: jsonCases("openEnvelope", () => [toJson(sealed)]),
    read: (text) => Result.match(envelopeOf(text), { onFailure: String, onSuccess: opened })
  }
]

/** Frames of every type, valid down to their signatures. */
export function framesTo(recipient: Recipient): ReadonlyArray<Json> {
  return recorded.flatMap(({ frame, to }) => (to === recipient ? [toJson(frame)] : []))
}

const recorded = recordFrames()

function frameCases(name: string, to: Recipient, schema: PlainSchema): Cases {
  return jsonCases(name, (block) => [
    ...framesTo(to),
    ...samplesOf(schema, { seed: `${name} ${block}`, count: 24, size: 1 })
  ])
}

function envelopeCases(name: string): Cases {
  return jsonCases(name, (block) => [
    toJson(sealed),
    ...samplesOf(Envelope, { seed: `${name} ${block}`, count: 12, size: 1 }).map(addressed)
  ])
}

/** Each addressee once, in order, each with its wrap: what holds between fields is said by no schema. */
function addressed(sample: Json): Json {
  const { header, wraps: [wrap], ...rest } = Result.getOrThrow(decodeEnvelope(sample))
  const to = sortAddressees(header.to).filter((one, at, all) => one.device !== all[at - 1]?.device)
  const wraps = to.map(({ device }) => ({ ...wrap ?? sealed.wraps[0], device }))
  return toJson({ ...rest, header: { ...header, to }, wraps })
}

const decodeEnvelope = Schema.decodeUnknownResult(Envelope)

/** Whatever is taken is what JSON says it is. */
function readAsJson(text: string): string {
  const read = parseUntrustedJson(text)
  if (Result.isFailure(read)) return outcomeOf(read)
  if (JSON.stringify(read.success) !== JSON.stringify(JSON.parse(text))) {
    throw new Error("Reads what JSON does not")
  }
  return "ok"
}

function readFrame<Frame extends DeviceFrame | BrokerFrame>(
  read: (text: string) => Result.Result<Frame, Refused>,
  text: string
): string {
  return readTwice({
    read: (from) => Result.map(read(from), checkedFrame),
    write: writeFrame
  }, text)
}

/** The envelope of a push is whatever the broker stored: its receiver reads it apart. */
function checkedFrame<Frame extends DeviceFrame | BrokerFrame>(frame: Frame): Frame {
  assertSound(frame.type === "push" ? { ...frame, envelope: null } : frame)
  return frame
}

function envelopeOf(text: string): Result.Result<Envelope, string> {
  return Result.flatMap(
    Result.mapError(parseUntrustedJson(text), ({ code }) => code),
    readEnvelope
  )
}

/** Nothing but what was sealed opens, even where its own sender has signed what was changed. */
function opened(envelope: Envelope): string {
  const asCame = openEnvelope(envelope, bob)
  const signedAgain = openEnvelope(resigned(mesh, "ada", envelope), bob)
  for (const result of [asCame, signedAgain]) {
    if (Result.isSuccess(result) && !isSealed(envelope)) throw new Error("Opens what nobody sealed")
  }
  return `${outcomeOf(asCame)}, ${outcomeOf(signedAgain)}`
}

/** The other recipient's wrap is none of this one's business. */
function isSealed({ body, header }: Envelope): boolean {
  return body === sealed.body && canonicalJson(header) === canonicalJson(sealed.header)
}
