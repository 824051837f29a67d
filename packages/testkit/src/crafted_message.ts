/**
 * Makes envelopes as a malicious sender may: sealed and signed in order, but not what they say they are.
 *
 * @module
 */
import {
  commitmentOf,
  contentKeyCommitment,
  type Envelope,
  type EnvelopeHeader,
  headerHash,
  packPlaintext,
  sortAddressees,
  WRAP_NONCE
} from "@claudemesh/protocol"
import { aeadSeal, concatBytes, encapsulate, toBase64Url, utf8 } from "@claudemesh/protocol/crypto"
import { Redacted } from "effect"
import { type MadeMember, type MadeMesh, memberOf } from "./made_mesh.ts"
import { draftOf, type Letter, prekeyOf, resigned } from "./made_message.ts"

/** What the sender does otherwise than it should. */
export interface Craft {
  /** Fields of the header; the rest is as it should be. */
  readonly header?: Partial<EnvelopeHeader>
  /** What is sealed, in place of the letter. */
  readonly bytes?: Uint8Array
  /** The content key that the second and later recipients get, in place of the first one's. */
  readonly otherKey?: Redacted.Redacted<Uint8Array>
}

/** Seals and signs a letter with the craft's changes; sender and prekeys are right. */
export function craftEnvelope(mesh: MadeMesh, letter: Letter, craft: Craft = {}): Envelope {
  const draft = draftOf(mesh, letter)
  const plaintext = {
    meta: { priority: "next" },
    content: utf8(letter.text),
    salt: mesh.bytes(32)
  } as const
  const packed = packPlaintext(plaintext)
  if (packed === undefined) throw new Error("The letter is too long")
  const contentKey = Redacted.make(mesh.bytes(32))
  const header: EnvelopeHeader = {
    ...draft,
    to: sortAddressees(draft.to),
    v: 1,
    pad: packed.pad,
    commit: toBase64Url(commitmentOf(plaintext)),
    ck_commit: contentKeyCommitment(contentKey),
    ...craft.header
  }
  const aad = headerHash(header)
  const nonce = mesh.bytes(24)
  const box = aeadSeal(craft.bytes ?? packed.bytes, { key: contentKey, nonce, aad })
  const byDevice = new Map(letter.to.map((name) => [memberOf(mesh, name).device, name]))
  const wraps = header.to.map(({ device }, at) => {
    const member = memberOf(mesh, byDevice.get(device) ?? "")
    return wrapOf(mesh, member, { aad, key: at === 0 ? contentKey : craft.otherKey ?? contentKey })
  })
  const body = toBase64Url(concatBytes(nonce, box))
  return resigned(mesh, letter.from, { header, wraps, body, sig: "" })
}

function wrapOf(
  mesh: MadeMesh,
  { device, name, prekeyPair }: MadeMember,
  { aad, key }: { readonly aad: Uint8Array; readonly key: Redacted.Redacted<Uint8Array> }
) {
  const made = encapsulate(prekeyPair.publicKey, mesh.bytes(64))
  if (made === undefined) throw new Error(`The prekey of "${name}" is no key`)
  const box = aeadSeal(Redacted.value(key), { key: made.sharedKey, nonce: WRAP_NONCE, aad })
  const kem = toBase64Url(made.ciphertext)
  return { device, prekey: prekeyOf(mesh, name).id, kem, box: toBase64Url(box) }
}
