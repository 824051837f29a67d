/**
 * One frame of every type, as devices and brokers of version 1 send them.
 *
 * @module
 */
import {
  type BrokerFrame,
  type DeviceFrame,
  SessionId,
  signAttach,
  signReceipt
} from "@claudemesh/protocol"
import { toBase64Url } from "@claudemesh/protocol/crypto"
import { MADE_AT, type MadeMesh, makeMesh, memberOf, offerOf, revocationOf } from "../made_mesh.ts"
import { messageIdOf, prekeyOf, sealBetween } from "../made_message.ts"

/** A frame with the end that reads it. */
export type RecordedFrame =
  | { readonly to: "broker"; readonly frame: DeviceFrame }
  | { readonly to: "device"; readonly frame: BrokerFrame }

/** The recording, made from one seed. */
export function recordFrames(): ReadonlyArray<RecordedFrame> {
  const mesh = makeMesh("cm1", ["ada", "bob"])
  return [
    ...deviceFrames(mesh).map((frame) => ({ to: "broker", frame }) as const),
    ...brokerFrames(mesh).map((frame) => ({ to: "device", frame }) as const),
    // Last, as they came later: what stands before them is never recorded anew.
    ...callFrames(mesh).map((frame) => ({ to: "broker", frame }) as const),
    { to: "broker", frame: placedFrame(mesh) }
  ]
}

function deviceFrames(made: MadeMesh): ReadonlyArray<DeviceFrame> {
  const { head, mesh } = made.membership
  const { device, deviceKey } = memberOf(made, "ada")
  const have = { statements: head.seq, store_epoch: toBase64Url(made.bytes(16)), upto: 41 }
  const claim = { mesh, device, have, incarnation: toBase64Url(made.bytes(16)), versions: [1] }
  const challenge = { nonce: toBase64Url(made.bytes(16)), origin: "https://mesh.acme.dev" }
  const devices = [memberOf(made, "bob").device]
  const letter = { from: "ada", to: ["bob"], text: "hello" }
  return [
    { type: "attach", ...claim, sig: signAttach(claim, challenge, deviceKey) },
    { type: "detach", mesh },
    { type: "send", ref: 1, envelope: sealBetween(made, letter) },
    { type: "send", ref: 2, envelope: sealBetween(made, letter, sessionToSession(made)) },
    { type: "send", ref: 3, envelope: receiptEnvelope(made) },
    { type: "ack", log: device, epoch: 2, upto: 42 },
    { type: "read_statements", ref: 4, mesh, after: 0 },
    { type: "append", ref: 5, statement: offerOf(made, made.root) },
    { type: "append", ref: 6, statement: revocationOf(made, "ada", "bob") },
    { type: "put_prekey", ref: 7, prekey: prekeyOf(made, "ada") },
    { type: "get_prekeys", ref: 8, mesh, devices },
    { type: "ping", t: MADE_AT }
  ]
}

function brokerFrames(made: MadeMesh): ReadonlyArray<BrokerFrame> {
  const { head, mesh } = made.membership
  const { device } = memberOf(made, "ada")
  const envelope = sealBetween(made, { from: "bob", to: ["ada"], text: "hi" })
  const [id, nonce, store_epoch] = [messageIdOf(1), ...halves(made)]
  const pair = [head.seq, head.hash] as const
  return [
    { type: "challenge", nonce, origin: "https://mesh.acme.dev", versions: [1] },
    { type: "attached", mesh, epoch: 2, store_epoch, head: pair, sseq_floor: 7, now: MADE_AT },
    { type: "refused", ref: 9, code: "rate_limited", message: "Wait", retry_after_ms: 500 },
    { type: "refused", mesh, code: "revoked_device", message: "It was revoked" },
    { type: "detached", mesh, code: "replaced" },
    { type: "admitted", ref: 1, id },
    { type: "push", log: device, epoch: 2, seq: 42, envelope },
    { type: "statements", mesh, items: made.statements, head: head.seq },
    { type: "statements", ref: 4, mesh, items: [], head: head.seq },
    { type: "appended", ref: 5, head: pair },
    { type: "prekey_stored", ref: 7 },
    { type: "prekeys", ref: 8, items: [prekeyOf(made, "bob")] },
    { type: "presence", mesh, items: [{ device, state: "attached", since: MADE_AT }] },
    { type: "pong", t: MADE_AT },
    { type: "goaway", after_ms: 1_000, jitter_ms: 60_000 },
    { type: "unsupported", ref: 10, message: "It has an unknown field", versions: [1] }
  ]
}

/** A call of ada's daemon, and what bob's answers. */
function callFrames(made: MadeMesh): ReadonlyArray<DeviceFrame> {
  const call = { from: "ada", to: ["bob"], text: JSON.stringify({ method: "ping" }) }
  const answer = { from: "bob", to: ["ada"], text: JSON.stringify({ answers: messageIdOf(3) }) }
  const draft = { class: "rpc", ttl: 10_000 } as const
  return [
    {
      type: "send",
      ref: 11,
      envelope: sealBetween(made, call, { draft: { ...draft, id: messageIdOf(3) } })
    },
    {
      type: "send",
      ref: 1,
      envelope: sealBetween(made, answer, { draft: { ...draft, id: messageIdOf(4) } })
    }
  ]
}

/** A message that says what is before it in its stream. */
function placedFrame(made: MadeMesh): DeviceFrame {
  const to = [{ device: memberOf(made, "bob").device, sseq: 9, after: 7, ended: 1 }]
  const letter = { from: "ada", to: ["bob"], text: "hello" }
  return {
    type: "send",
    ref: 12,
    envelope: sealBetween(made, letter, { draft: { to, id: messageIdOf(5) } })
  }
}

function halves(made: MadeMesh): readonly [string, string] {
  return [toBase64Url(made.bytes(16)), toBase64Url(made.bytes(16))]
}

function sessionToSession(made: MadeMesh) {
  const session = SessionId.make("6f1c0de0-1111-4222-8333-944455556666")
  const from = { device: memberOf(made, "ada").device, session }
  const to = [{ device: memberOf(made, "bob").device, session, sseq: 2 }]
  return { draft: { from, to, id: messageIdOf(2), attempt: 1 } }
}

/** What bob says of ada's message, on its way to ada. */
function receiptEnvelope(made: MadeMesh) {
  const [ada, bob] = [memberOf(made, "ada"), memberOf(made, "bob")]
  const parties = { mesh: made.membership.mesh, sender: ada.device, recipient: bob.device }
  const commit = toBase64Url(made.bytes(32))
  const said = { id: messageIdOf(1), commit, stage: "inboxed", at: MADE_AT } as const
  const text = JSON.stringify({ receipts: [signReceipt(said, parties, bob.deviceKey)] })
  return sealBetween(made, { from: "bob", to: ["ada"], text }, { draft: { class: "receipt" } })
}
