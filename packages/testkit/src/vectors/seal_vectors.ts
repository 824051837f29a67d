/**
 * Vectors of sealing a message, byte for byte.
 *
 * @module
 */
import {
  Bytes32,
  EnvelopeHeader,
  Meta,
  Prekey,
  sealEnvelope,
  sealRandomBytes
} from "@claudemesh/protocol"
import { fromBase64Url, signKeyPair, toBase64Url, utf8 } from "@claudemesh/protocol/crypto"
import { Redacted, Schema } from "effect"
import { makeMesh, memberOf } from "../made_mesh.ts"
import { draftOf, prekeyOf } from "../made_message.ts"
import { vectorSet } from "./vector_set.ts"

const { ck_commit: _, commit: __, pad: ___, v: ____, ...draftFields } = EnvelopeHeader.fields

/** Sealing, which is determined by its random bytes. */
export const sealVectors = vectorSet({
  file: "seal_envelope",
  about:
    "The envelope of a header draft, a meta, a content, a salt and random bytes (content key, nonce, 64 per device), signed with the key of `seed`.",
  given: Schema.Null,
  input: Schema.Struct({
    draft: Schema.Struct(draftFields),
    meta: Meta,
    content: Schema.String,
    salt: Bytes32,
    random: Schema.String,
    seed: Bytes32,
    prekeys: Schema.Array(Prekey)
  }),
  answer: ({ content, draft, meta, prekeys, random, salt, seed }) =>
    sealEnvelope(
      draft,
      { meta, content: fromBase64Url(content), salt: fromBase64Url(salt) },
      {
        prekeys: new Map(prekeys.map((prekey) => [prekey.device, prekey])),
        random: fromBase64Url(random),
        key: signKeyPair(Redacted.make(fromBase64Url(seed)))
      }
    ),
  cases: () => {
    const mesh = makeMesh("seal vectors", ["ada", "bob", "cy"])
    const letter = { from: "ada", to: ["bob"], text: "hello" }
    const both = { ...letter, to: ["bob", "cy"] }
    const seed = Redacted.value(memberOf(mesh, "ada").deviceKey.secretKey).subarray(0, 32)
    const bob = prekeyOf(mesh, "bob")
    const input = {
      draft: draftOf(mesh, letter),
      meta: { priority: "next" },
      content: toBase64Url(utf8(letter.text)),
      salt: toBase64Url(mesh.bytes(32)),
      random: toBase64Url(mesh.bytes(sealRandomBytes(1))),
      seed: toBase64Url(seed),
      prekeys: [bob]
    } as const
    const forTwo = {
      ...input,
      draft: draftOf(mesh, both),
      random: toBase64Url(mesh.bytes(sealRandomBytes(2))),
      prekeys: [bob, prekeyOf(mesh, "cy")]
    }
    const zeros = { ...bob, key: toBase64Url(new Uint8Array(1216)) }
    return {
      given: null,
      cases: [
        ["for one device", "ok", input],
        ["for two devices", "ok", forTwo],
        ["with a subject", "ok", { ...input, meta: { priority: "now", subject: "Grüße" } }],
        ["of nothing", "ok", { ...input, content: "" }],
        ["of one byte too many", "too_large", {
          ...input,
          content: toBase64Url(new Uint8Array(32_769))
        }],
        ["without a prekey", "reseal", { ...input, prekeys: [] }],
        ["for a prekey that is no key", "reseal", { ...input, prekeys: [zeros] }]
      ] as const
    }
  }
})
