/**
 * Invites: the link a person passes on, and the key its secret stands for.
 *
 * `https://host/i/<id>#<secret>.<mesh>`: what follows `#` never reaches a
 * server. The secret makes the invite's key; the mesh id lets the joiner
 * notice a broker that shows it another mesh.
 *
 * @module
 */
import { Redacted, Result, Schema } from "effect"
import {
  fromBase64Url,
  keyedHash,
  type SignKeyPair,
  signKeyPair,
  toBase64Url,
  utf8
} from "./crypto/mod.ts"
import { Bytes16 } from "./encodings.ts"
import { type Refused, refused } from "./errors.ts"
import { InviteId, MeshId } from "./ids.ts"
import { inviteIdOf } from "./key_ids.ts"

/** Length of an invite's secret: 128 bits. */
export const INVITE_SECRET_BYTES = 16

/** An invite as its holder has it. */
export interface InviteLink {
  /** Origin of the broker, such as `https://mesh.acme.dev`. */
  readonly origin: string
  readonly id: InviteId
  readonly mesh: MeshId
  readonly secret: Redacted.Redacted<Uint8Array>
}

/** The key pair that the secret stands for. */
export function inviteKeyPair(secret: Redacted.Redacted<Uint8Array>): SignKeyPair {
  return signKeyPair(Redacted.make(keyedHash(Redacted.value(secret), utf8("cm1/invite-key"))))
}

/** The link of an invite to this mesh at this broker. */
export function formatInviteLink(invite: Omit<InviteLink, "id">): string {
  const id = idOfSecret(invite.secret)
  return `${invite.origin}/i/${id}#${toBase64Url(Redacted.value(invite.secret))}.${invite.mesh}`
}

/** Reads a link that a person pasted. */
export function parseInviteLink(text: string): Result.Result<InviteLink, Refused> {
  const url = URL.parse(text.trim())
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return malformed("it is no http or https address")
  }
  const id = /^\/i\/([^/]+)$/.exec(url.pathname)?.[1]
  if (!Schema.is(InviteId)(id)) return malformed("it has no invite id after /i/")
  const [secretText, mesh] = url.hash.slice(1).split(".")
  if (!Schema.is(Bytes16)(secretText) || !Schema.is(MeshId)(mesh)) {
    return malformed("the part after # is missing or cut")
  }
  const secret = Redacted.make(fromBase64Url(secretText))
  if (idOfSecret(secret) !== id) return malformed("its two parts do not belong together")
  return Result.succeed({ origin: url.origin, id, mesh, secret })
}

function idOfSecret(secret: InviteLink["secret"]): InviteId {
  return inviteIdOf(toBase64Url(inviteKeyPair(secret).publicKey))
}

function malformed(why: string) {
  // The link is not quoted: its secret must not end up in a log.
  return Result.fail(refused("invite_malformed", `Cannot read the invite link: ${why}`))
}
