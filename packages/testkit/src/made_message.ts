/**
 * Makes prekeys and sealed messages between the members of a made mesh.
 *
 * @module
 */
import {
  type Envelope,
  type EnvelopeDraft,
  envelopeInput,
  MessageId,
  type Meta,
  type OpenContext,
  type Prekey,
  prekeyIdOf,
  sealEnvelope,
  sealRandomBytes,
  signPrekey
} from "@claudemesh/protocol"
import { sign, toBase64Url, utf8 } from "@claudemesh/protocol/crypto"
import { Result } from "effect"
import { MADE_AT, type MadeMesh, memberOf } from "./made_mesh.ts"

/** The signed prekey of a member's device. */
export function prekeyOf(mesh: MadeMesh, name: string): Prekey {
  const { device, deviceKey, prekeyPair } = memberOf(mesh, name)
  const key = toBase64Url(prekeyPair.publicKey)
  return signPrekey({ mesh: mesh.membership.mesh, device, key, at: MADE_AT }, deviceKey)
}

/** A UUIDv7 that only depends on the number. */
export function messageIdOf(number: number): MessageId {
  return MessageId.make(`019b7600-0000-7000-8000-${number.toString(16).padStart(12, "0")}`)
}

/** What a made message may say otherwise than by default. */
export interface MessageOptions {
  readonly meta?: Meta
  readonly draft?: Partial<EnvelopeDraft>
}

/** Who says what to whom. */
export interface Letter {
  readonly from: string
  readonly to: ReadonlyArray<string>
  readonly text: string
}

/** The header of a letter before it is sealed: the first message between these members. */
export function draftOf(mesh: MadeMesh, { from, to }: Letter): EnvelopeDraft {
  const { hash, seq } = mesh.membership.head
  return {
    mesh: mesh.membership.mesh,
    from: { device: memberOf(mesh, from).device },
    class: "dm",
    to: to.map((name) => ({ device: memberOf(mesh, name).device, sseq: 1 })),
    id: messageIdOf(1),
    attempt: 0,
    sent_at: MADE_AT,
    ttl: 60_000,
    log_head: [seq, hash]
  }
}

/** Seals a letter. */
export function sealBetween(
  mesh: MadeMesh,
  letter: Letter,
  { draft, meta = { priority: "next" } }: MessageOptions = {}
): Envelope {
  const { to } = letter
  const prekeys = new Map(to.map((name) => [memberOf(mesh, name).device, prekeyOf(mesh, name)]))
  const random = mesh.bytes(sealRandomBytes(to.length))
  const plaintext = { meta, content: utf8(letter.text), salt: mesh.bytes(32) }
  const key = memberOf(mesh, letter.from).deviceKey
  const header = { ...draftOf(mesh, letter), ...draft }
  return Result.getOrThrow(sealEnvelope(header, plaintext, { prekeys, random, key }))
}

/** The envelope as a member would sign it who changed something in it. */
export function resigned(mesh: MadeMesh, name: string, envelope: Envelope): Envelope {
  const sig = sign("cm1/envelope", envelopeInput(envelope), memberOf(mesh, name).deviceKey)
  return { ...envelope, sig: toBase64Url(sig) }
}

/** What a member's device knows when it opens a message. */
export function openContextOf(mesh: MadeMesh, name: string): OpenContext {
  const { device, prekeyPair } = memberOf(mesh, name)
  const id = prekeyIdOf(toBase64Url(prekeyPair.publicKey))
  return {
    membership: mesh.membership,
    device,
    prekey: (wanted) => wanted === id ? prekeyPair : undefined
  }
}
