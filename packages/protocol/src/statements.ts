/**
 * The signed entries of a mesh's membership log: their form, their hash, their signature.
 *
 * The log is append-only and chained: each statement names the hash of the one
 * before it. What a statement *does* is in `membership.ts`.
 *
 * @module
 */
import { Schema } from "effect"
import {
  canonicalJson,
  fromBase64Url,
  hashObject,
  sign,
  type SignKeyPair,
  toBase64Url,
  utf8,
  verify
} from "./crypto/mod.ts"
import { Bytes1216, Bytes32, Bytes64, Count, Millis, textOf } from "./encodings.ts"
import { DeviceId, MemberId, MeshId, Name } from "./ids.ts"
import { meshIdOf } from "./key_ids.ts"
import { limits } from "./limits.ts"
import { Role } from "./vocabulary.ts"

/** A device as the log knows it; its own key signs whose it is, so nobody enters another's as theirs. */
export const DeviceRecord = Schema.Struct({
  key: Bytes32,
  identity: Bytes1216,
  name: Name,
  proof: Bytes64
})
export type DeviceRecord = typeof DeviceRecord.Type

/** Who may issue invites. */
export const Policy = Schema.Struct({ invite: Role })
export type Policy = typeof Policy.Type

const Reason = Schema.optionalKey(textOf(limits.subjectCharactersMax))

/** Founds the mesh. Signed by its root key, which names the first member and device. */
export const GenesisBody = Schema.Struct({
  root: Bytes32,
  name: Name,
  policy: Policy,
  member: Schema.Struct({ key: Bytes32, name: Name, proof: Bytes64 }),
  device: DeviceRecord
})

/** Offers membership to whoever holds the invite's secret. */
export const InviteBody = Schema.Struct({
  key: Bytes32,
  role: Role,
  max_uses: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: limits.inviteUsesMax })),
  expires: Millis
})

/** Takes an offer back. */
export const InviteRevokeBody = Schema.Struct({ key: Bytes32 })

/** Joins: signed by the new member, and by the invite's key for this member, device and name. */
export const MemberAddBody = Schema.Struct({
  key: Bytes32,
  name: Name,
  device: DeviceRecord,
  invite: Bytes32,
  invite_sig: Bytes64
})

/** Ends a device: by its member, or by an admin. */
export const DeviceRevokeBody = Schema.Struct({ device: DeviceId, reason: Reason })

/** Ends a membership: by the member, or by an admin. Never the last admin's. */
export const MemberRevokeBody = Schema.Struct({ member: MemberId, reason: Reason })

function statementOf<const Kind extends string, Body extends Schema.Top>(kind: Kind, body: Body) {
  return Schema.Struct({
    v: Schema.Literal(1),
    mesh: MeshId,
    seq: Count,
    prev: Bytes32,
    at: Millis,
    by: MemberId,
    kind: Schema.tag(kind),
    body,
    sig: Bytes64
  })
}

/** The table of statements. */
export const Statement = Schema.Union([
  statementOf("genesis", GenesisBody),
  statementOf("invite", InviteBody),
  statementOf("invite_revoke", InviteRevokeBody),
  statementOf("member_add", MemberAddBody),
  statementOf("device_revoke", DeviceRevokeBody),
  statementOf("member_revoke", MemberRevokeBody)
]).pipe(Schema.toTaggedUnion("kind"))
export type Statement = typeof Statement.Type
export type StatementKind = Statement["kind"]
type Unsigned<S> = S extends Statement ? Omit<S, "sig"> : never
type UnsignedGenesis = Omit<Extract<Statement, { readonly kind: "genesis" }>, "sig" | "mesh">

/** The `prev` of a genesis: 32 zero bytes. */
export const GENESIS_PREV = toBase64Url(new Uint8Array(32))

/** The base64url hash of a whole statement: what the next one calls `prev`. */
export function statementHash(statement: Statement): string {
  return toBase64Url(hashObject("cm1/log", statement))
}

/** Size of a statement as the log keeps it. */
export function statementBytes(statement: Statement): number {
  return utf8(canonicalJson(statement)).length
}

/** Signs a statement. A genesis is signed by the root key, every other by the member it is `by`. */
export function signStatement(unsigned: Unsigned<Statement>, key: SignKeyPair): Statement {
  return { ...unsigned, sig: toBase64Url(sign("cm1/statement", unsigned, key)) }
}

/** Whether the statement was signed with that base64url key. */
export function verifyStatement({ sig, ...object }: Statement, key: string): boolean {
  const publicKey = fromBase64Url(key)
  return verify({ domain: "cm1/statement", object, signature: fromBase64Url(sig), publicKey })
}

/** The mesh that a genesis founds: its id commits to everything in it but the signature. */
export function meshOfGenesis(genesis: UnsignedGenesis): MeshId {
  return meshIdOf(hashObject("cm1/mesh", genesis))
}

/** What the first member signs to agree to be founded with this root key and device. */
export function memberProofInput(
  body: Omit<typeof GenesisBody.Type, "member" | "policy"> & { readonly member: string }
) {
  return { root: body.root, name: body.name, member: body.member, device: body.device }
}

/** What a device's key signs to belong to the member with that key. */
export function deviceProofInput(
  member: string,
  { identity, key, name }: Omit<DeviceRecord, "proof">
) {
  return { member, key, identity, name }
}

/** What an invite's key signs to admit one member with one device under one name. */
export function inviteClaimInput(
  mesh: MeshId,
  body: Omit<typeof MemberAddBody.Type, "invite" | "invite_sig">
) {
  return { mesh, key: body.key, name: body.name, device: body.device }
}
