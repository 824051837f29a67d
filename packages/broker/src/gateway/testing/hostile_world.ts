/**
 * A mesh at a memory broker in which one member is hostile, and everything that member could send.
 *
 * @module
 */
import { type DeviceFrame, type Envelope, signReceipt, writeFrame } from "@claudemesh/protocol"
import { toBase64Url, utf8 } from "@claudemesh/protocol/crypto"
import {
  layerSeededRandom,
  MADE_AT,
  makeMesh,
  memberOf,
  messageIdOf,
  offerOf,
  prekeyOf,
  revocationOf,
  sealBetween
} from "@claudemesh/testkit"
import { worldOf } from "./mesh_world.ts"
import { attachFrame, sendFrame } from "./test_device.ts"

/** Who is hostile; ada and bob are honest. */
export const HOSTILE_NAMES = ["cy", "dot", "eve"] as const
type HostileName = (typeof HOSTILE_NAMES)[number]

/** The mesh they share. */
export const hostileMesh = makeMesh("hostile frames", ["ada", "bob", ...HOSTILE_NAMES], {
  invite: "member"
})

/** The broker they meet at. */
export const hostileWorld = worldOf(hostileMesh, {
  at: MADE_AT,
  random: layerSeededRandom("hostile frames")
})

const { head, mesh } = hostileMesh.membership
const ada = memberOf(hostileMesh, "ada")
const bob = memberOf(hostileMesh, "bob")
const elsewhere = makeMesh("elsewhere", ["cy"])

/** What ada says to bob, sealed once for all runs. */
export const letters: ReadonlyArray<Envelope> = Array.from(
  { length: 6 },
  (_, at) => letterOf("ada", ["bob"], at + 1)
)

const envelopesOf: Readonly<Record<HostileName, ReadonlyArray<Envelope>>> = {
  cy: hostileEnvelopes("cy", 100),
  dot: hostileEnvelopes("dot", 200),
  eve: hostileEnvelopes("eve", 300)
}

/** To honest devices and to itself, under an id that somebody else has used, and in the name of ada. */
function hostileEnvelopes(name: HostileName, number: number): ReadonlyArray<Envelope> {
  return [
    letterOf(name, ["bob"], number),
    letterOf(name, ["ada", "bob"], number + 1),
    letterOf(name, [name], number + 2),
    letterOf(name, ["bob"], 1),
    receiptsOf(name, "ada", number + 3),
    letterOf("ada", ["bob"], number + 4)
  ]
}

/** What a broker asks at first. */
export interface Challenged {
  readonly nonce: string
  readonly origin: string
}

/** All a member may say, and some of what it may not, in answer to one challenge. */
export function hostileFrames(
  name: HostileName,
  challenge: Challenged
): ReadonlyArray<DeviceFrame> {
  const { key, ...self } = memberOf(hostileMesh, name)
  const own = { type: "ack", log: self.device, epoch: 1 } as const
  return [
    attachFrame({ mesh, ...self }, challenge, { statements: head.seq }),
    { type: "ping", t: 1 },
    { type: "read_statements", ref: 1, mesh, after: 0 },
    { type: "put_prekey", ref: 2, prekey: prekeyOf(hostileMesh, name) },
    { type: "get_prekeys", ref: 3, mesh, devices: [ada.device, bob.device] },
    ...envelopesOf[name].map((envelope, at) => sendFrame(envelope, 10 + at)),
    { type: "append", ref: 4, statement: offerOf(hostileMesh, key, { by: name }) },
    { ...own, upto: 1 },
    { ...own, upto: 2 ** 40 },
    { ...own, log: bob.device, upto: 1_000 },
    { ...own, epoch: 9, upto: 1 },
    attachFrame({ mesh, ...self }, challenge),
    { type: "append", ref: 5, statement: revocationOf(hostileMesh, name, "bob") },
    { type: "put_prekey", ref: 6, prekey: prekeyOf(hostileMesh, "ada") },
    { type: "get_prekeys", ref: 7, mesh: elsewhere.membership.mesh, devices: [ada.device] },
    // As bob, and with an answer that was made for another broker.
    attachFrame({ mesh, ...self, device: bob.device }, challenge),
    attachFrame({ mesh, ...self }, { ...challenge, origin: "https://evil.example" }),
    { type: "detach", mesh },
    { type: "append", ref: 8, statement: revocationOf(hostileMesh, name, name) }
  ]
}

/** Frames of honest devices as somebody on the way might have recorded them. */
export function recordedTexts(challenge: Challenged): ReadonlyArray<string> {
  return [
    writeFrame(attachFrame({ mesh, ...ada }, challenge, { statements: head.seq })),
    ...letters.map((envelope) => writeFrame(sendFrame(envelope)))
  ]
}

function letterOf(from: string, to: ReadonlyArray<string>, number: number): Envelope {
  const addressees = to.map((name) => ({
    device: memberOf(hostileMesh, name).device,
    sseq: number
  }))
  const draft = { id: messageIdOf(number), to: addressees }
  return sealBetween(hostileMesh, { from, to, text: `letter ${number}` }, { draft })
}

function receiptsOf(from: string, to: string, number: number): Envelope {
  const { device, deviceKey } = memberOf(hostileMesh, from)
  const parties = { mesh, sender: memberOf(hostileMesh, to).device, recipient: device }
  const commit = toBase64Url(utf8("x".repeat(32)))
  const said = { id: messageIdOf(1), commit, stage: "inboxed", at: MADE_AT } as const
  const text = JSON.stringify({ receipts: [signReceipt(said, parties, deviceKey)] })
  const draft = { class: "receipt", id: messageIdOf(number) } as const
  return sealBetween(hostileMesh, { from, to: [to], text }, { draft })
}
