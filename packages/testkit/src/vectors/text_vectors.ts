/**
 * Vectors of texts that a reader takes or refuses: JSON, encodings, ids, invite links, frames.
 *
 * @module
 */
import {
  AnyBytes,
  Bytes16,
  Bytes32,
  Bytes64,
  Count,
  DeviceId,
  deviceIdOf,
  formatInviteLink,
  inviteIdOf,
  inviteKeyPair,
  memberIdOf,
  MeshId,
  MessageId,
  Millis,
  Name,
  parseInviteLink,
  parseUntrustedJson,
  prekeyIdOf,
  readBrokerFrame,
  readDeviceFrame,
  refused,
  SessionId
} from "@claudemesh/protocol"
import { fromBase64Url, toBase64Url } from "@claudemesh/protocol/crypto"
import { Redacted, Result, Schema } from "effect"
import { makeMesh } from "../made_mesh.ts"
import { seededBytes } from "../seeded_bytes.ts"
import { vectorSet } from "./vector_set.ts"

/** JSON that somebody else wrote. */
export const jsonTextVectors = vectorSet({
  file: "json_text",
  about:
    "JSON from somebody else: at most 32 levels, each key once, no `__proto__` or `constructor`.",
  given: Schema.Null,
  input: Schema.Struct({ text: Schema.String }),
  answer: ({ text }) =>
    Result.filterOrFail(
      parseUntrustedJson(text),
      Schema.is(Schema.Json),
      () => refused("malformed", text)
    ),
  cases: () => ({
    given: null,
    cases: [
      ["32 levels", "ok", { text: "[".repeat(32) + "]".repeat(32) }],
      ["33 levels", "malformed", { text: "[".repeat(33) + "]".repeat(33) }],
      ["brackets in a string", "ok", { text: `["${"[{".repeat(40)}"]` }],
      ["the same key in two objects", "ok", { text: "{\"a\":{\"a\":1},\"b\":{\"a\":2}}" }],
      ["a key twice", "malformed", { text: "{\"a\":1,\"a\":1}" }],
      ["a key twice, once escaped", "malformed", { text: "{\"a\":1,\"\\u0061\":1}" }],
      ["__proto__", "malformed", { text: "{\"__proto__\":{}}" }],
      ["__proto__ as a value", "ok", { text: "[\"__proto__\"]" }],
      ["constructor, escaped", "malformed", { text: "{\"\\u0063onstructor\":1}" }],
      ["a byte order mark", "malformed", { text: "\ufeff{}" }],
      ["two values", "malformed", { text: "{}{}" }],
      ["nothing", "malformed", { text: "" }]
    ] as const
  })
})

const schemas = {
  bytes: AnyBytes,
  bytes16: Bytes16,
  bytes32: Bytes32,
  bytes64: Bytes64,
  count: Count,
  millis: Millis,
  name: Name,
  mesh_id: MeshId,
  device_id: DeviceId,
  message_id: MessageId,
  session_id: SessionId
} as const

/** The form of ids, names, numbers and bytes. */
export const encodingVectors = vectorSet({
  file: "encodings",
  about:
    "Values that a field of the kind takes (`ok`) or refuses. Base64url has one form: spare bits are zero.",
  given: Schema.Null,
  input: Schema.Struct({
    kind: Schema.Literals([
      "bytes",
      "bytes16",
      "bytes32",
      "bytes64",
      "count",
      "millis",
      "name",
      "mesh_id",
      "device_id",
      "message_id",
      "session_id"
    ]),
    value: Schema.Json
  }),
  answer: ({ kind, value }) =>
    Schema.is(schemas[kind])(value) ? Result.succeed(null) : Result.fail("malformed"),
  cases: () => ({
    given: null,
    cases: [
      ["no bytes", "ok", { kind: "bytes", value: "" }],
      ["one byte", "ok", { kind: "bytes", value: "_w" }],
      ["one byte in its second form", "malformed", { kind: "bytes", value: "_x" }],
      ["two bytes in their second form", "malformed", { kind: "bytes", value: "__9" }],
      ["padding", "malformed", { kind: "bytes", value: "_w==" }],
      ["the other alphabet", "malformed", { kind: "bytes", value: "+/+/" }],
      ["16 bytes", "ok", { kind: "bytes16", value: "AAAAAAAAAAAAAAAAAAAAAA" }],
      ["15 bytes for 16", "malformed", { kind: "bytes16", value: "AAAAAAAAAAAAAAAAAAAA" }],
      ["32 bytes", "ok", { kind: "bytes32", value: `${"A".repeat(42)}E` }],
      ["32 bytes in a second form", "malformed", { kind: "bytes32", value: `${"A".repeat(42)}F` }],
      ["64 bytes with a line feed", "malformed", { kind: "bytes64", value: `${"A".repeat(86)}\n` }],
      ["the largest count", "ok", { kind: "count", value: 9_007_199_254_740_991 }],
      ["a count that is not exact", "malformed", { kind: "count", value: 9_007_199_254_740_992 }],
      ["a negative count", "malformed", { kind: "count", value: -1 }],
      ["half a count", "malformed", { kind: "count", value: 0.5 }],
      ["a count as text", "malformed", { kind: "count", value: "1" }],
      ["the last moment of 9999", "ok", { kind: "millis", value: 253_402_300_799_999 }],
      ["the year 10000", "malformed", { kind: "millis", value: 253_402_300_800_000 }],
      ["a name", "ok", { kind: "name", value: "ada.l-2_x" }],
      ["a name that begins with a dash", "malformed", { kind: "name", value: "-ada" }],
      ["a name that looks like another", "malformed", { kind: "name", value: "аda" }],
      ["a mesh id", "ok", { kind: "mesh_id", value: "m_abcdefghijklmnopqrstuvwxyz" }],
      ["a device id for a mesh id", "malformed", {
        kind: "mesh_id",
        value: "d_abcdefghijklmnopqrstuvwxyz"
      }],
      ["a device id in capitals", "malformed", {
        kind: "device_id",
        value: "d_ABCDEFGHIJKLMNOPQRSTUVWXYZ"
      }],
      ["a UUIDv7", "ok", { kind: "message_id", value: "019b7600-0000-7000-8000-000000000001" }],
      ["a UUIDv4 for a UUIDv7", "malformed", {
        kind: "message_id",
        value: "6f1c0de0-1111-4222-8333-944455556666"
      }],
      ["a UUIDv4 for a session", "ok", {
        kind: "session_id",
        value: "6f1c0de0-1111-4222-8333-944455556666"
      }]
    ] as const
  })
})

/** Ids of keys. */
export const idVectors = vectorSet({
  file: "ids",
  about: "The id of a key: a letter, `_`, and base32 of the first 16 bytes of its BLAKE2b-256.",
  given: Schema.Null,
  input: Schema.Struct({
    of: Schema.Literals(["member", "device", "invite", "prekey"]),
    key: Schema.String
  }),
  answer: ({ key, of }) => {
    const makers = {
      member: memberIdOf,
      device: deviceIdOf,
      invite: inviteIdOf,
      prekey: prekeyIdOf
    }
    return Result.succeed(makers[of](key))
  },
  cases: () => {
    const bytes = seededBytes("id vectors")
    const key = toBase64Url(bytes(32))
    return {
      given: null,
      cases: [
        ["of a member", "ok", { of: "member", key }],
        ["of a device with the same key", "ok", { of: "device", key }],
        ["of an invite", "ok", { of: "invite", key: toBase64Url(bytes(32)) }],
        ["of a prekey", "ok", { of: "prekey", key: toBase64Url(bytes(1216)) }]
      ] as const
    }
  }
})

/** Invite links. */
export const inviteVectors = vectorSet({
  file: "invites",
  about: "The link and the Ed25519 key of a secret for a mesh, and links that are read or refused.",
  given: Schema.Null,
  input: Schema.Union([
    Schema.Struct({ link: Schema.String }),
    Schema.Struct({ origin: Schema.String, mesh: MeshId, secret: Bytes16 })
  ]),
  answer: (input) => {
    if ("link" in input) {
      return Result.map(parseInviteLink(input.link), ({ id, mesh, origin, secret }) => {
        return { id, mesh, origin, secret: toBase64Url(Redacted.value(secret)) }
      })
    }
    const secret = Redacted.make(fromBase64Url(input.secret))
    const link = formatInviteLink({ ...input, secret })
    return Result.succeed({ link, public_key: toBase64Url(inviteKeyPair(secret).publicKey) })
  },
  cases: () => {
    const bytes = seededBytes("invite vectors")
    const { mesh } = makeMesh("invite vectors", ["ada"]).membership
    const origin = "https://mesh.acme.dev"
    const secret = toBase64Url(bytes(16))
    const link = formatInviteLink({ origin, mesh, secret: Redacted.make(fromBase64Url(secret)) })
    const foreign = toBase64Url(bytes(16))
    return {
      given: null,
      cases: [
        ["makes a link", "ok", { origin, mesh, secret }],
        ["reads a link", "ok", { link }],
        ["reads a link with white space around it", "ok", { link: `\t${link} \n` }],
        ["reads a link to this machine", "ok", {
          link: link.replace(origin, "http://127.0.0.1:7777")
        }],
        ["refuses another scheme", "invite_malformed", { link: link.replace("https", "ftp") }],
        ["refuses a link without its fragment", "invite_malformed", {
          link: link.replace(/#.*/, "")
        }],
        ["refuses a cut link", "invite_malformed", { link: link.slice(0, -1) }],
        ["refuses another path", "invite_malformed", { link: link.replace("/i/", "/invite/") }],
        ["refuses the secret of another invite", "invite_malformed", {
          link: link.replace(secret, foreign)
        }],
        ["refuses words", "invite_malformed", { link: "come and join" }]
      ] as const
    }
  }
})

/** Frames. */
export const frameVectors = vectorSet({
  file: "frames",
  about:
    "Texts of WebSocket messages: the type of the frame, or why it is refused. `cm1.ndjson` has one of every type.",
  given: Schema.Null,
  input: Schema.Struct({ to: Schema.Literals(["broker", "device"]), text: Schema.String }),
  answer: ({ text, to }) => {
    if (to === "broker") return Result.map(readDeviceFrame(text), ({ type }) => type)
    return Result.map(readBrokerFrame(text), ({ type }) => type)
  },
  cases: () => {
    const to = "broker"
    const ack = { type: "ack", log: "d_abcdefghijklmnopqrstuvwxyz", epoch: 1, upto: 2 }
    const cases = [
      ["a ping", "ok", { type: "ping", t: 1 }],
      ["an ack", "ok", ack],
      ["a ping with its fields in another order", "ok", { t: 1, type: "ping" }],
      ["no type", "malformed", { t: 1 }],
      ["a type that is no text", "malformed", { type: ["ping"], t: 1 }],
      ["an unknown type", "unsupported", { type: "teleport", ref: 1 }],
      ["an unknown field", "unsupported", { type: "ping", t: 1, urgent: true }],
      ["a missing field", "unsupported", { type: "ping" }],
      ["a field that is null", "unsupported", { type: "ping", t: null }],
      ["a cursor that goes back below nothing", "unsupported", { ...ack, upto: -1 }],
      ["a cursor that is not exact", "unsupported", { ...ack, upto: 2 ** 53 }],
      ["a log that is no device", "unsupported", { ...ack, log: "m_abcdefghijklmnopqrstuvwxyz" }],
      ["a frame of the other direction", "unsupported", { type: "pong", t: 1 }],
      ["17 devices at once", "unsupported", {
        type: "get_prekeys",
        ref: 1,
        mesh: "m_abcdefghijklmnopqrstuvwxyz",
        devices: Array.from({ length: 17 }, () => ack.log)
      }]
    ] as const
    return {
      given: null,
      cases: [
        ...cases.map(([name, outcome, frame]) =>
          [name, outcome, { to, text: JSON.stringify(frame) }] as const
        ),
        ["a push of anything at all", "ok", {
          to: "device",
          text: JSON.stringify({ ...ack, type: "push", upto: undefined, seq: 3, envelope: [] })
        }],
        ["a refusal with a code of a later version", "ok", {
          to: "device",
          text: "{\"type\":\"refused\",\"ref\":1,\"code\":\"bad_mood\",\"message\":\"\"}"
        }],
        ["a key twice", "malformed", { to, text: "{\"type\":\"ping\",\"t\":1,\"t\":1}" }],
        ["a list", "malformed", { to, text: "[{\"type\":\"ping\",\"t\":1}]" }],
        ["no JSON", "malformed", { to, text: "ping" }]
      ] as const
    }
  }
})
