/**
 * Makes a mesh of named members from one seed: keys, statements, invites.
 *
 * For tests and vectors: what daemons do over the wire is done here in a line.
 *
 * @module
 */
import {
  type DeviceId,
  deviceIdOf,
  type DeviceRecord,
  foldStatement,
  foundMesh,
  joinMesh,
  type MemberId,
  memberIdOf,
  type Membership,
  nextStatement,
  type Policy,
  signDeviceRecord,
  type Statement,
  type StatementContent
} from "@claudemesh/protocol"
import {
  type KemKeyPair,
  kemKeyPair,
  type SignKeyPair,
  signKeyPair,
  toBase64Url
} from "@claudemesh/protocol/crypto"
import { Redacted, Result } from "effect"
import { outcomeOf } from "./outcome.ts"
import { seededBytes } from "./seeded_bytes.ts"

/** The time at which made meshes are founded: 2026-01-01. */
export const MADE_AT = 1_767_225_600_000

/** A member with every key it has. */
export interface MadeMember {
  readonly name: string
  readonly id: MemberId
  readonly key: SignKeyPair
  readonly device: DeviceId
  readonly deviceKey: SignKeyPair
  readonly record: DeviceRecord
  readonly prekeyPair: KemKeyPair
}

/** A mesh, its log so far, and the members by name. */
export interface MadeMesh {
  readonly root: SignKeyPair
  readonly bytes: (size: number) => Uint8Array
  readonly statements: ReadonlyArray<Statement>
  readonly membership: Membership
  readonly members: ReadonlyMap<string, MadeMember>
}

/** Makes the keys of a member. */
export function makeMember(name: string, bytes: (size: number) => Uint8Array): MadeMember {
  const key = signKeyPair(Redacted.make(bytes(32)))
  const deviceKey = signKeyPair(Redacted.make(bytes(32)))
  const identity = kemKeyPair(Redacted.make(bytes(32)))
  const deviceText = toBase64Url(deviceKey.publicKey)
  return {
    name,
    id: memberIdOf(toBase64Url(key.publicKey)),
    key,
    device: deviceIdOf(deviceText),
    deviceKey,
    record: signDeviceRecord(
      { key: deviceText, identity: toBase64Url(identity.publicKey), name: `${name}-box` },
      { member: key, device: deviceKey }
    ),
    prekeyPair: kemKeyPair(Redacted.make(bytes(32)))
  }
}

/** The member with the device of another, which agrees to it. */
export function withDeviceOf(
  member: MadeMember,
  { device, deviceKey, record }: MadeMember
): MadeMember {
  const signed = signDeviceRecord(record, { member: member.key, device: deviceKey })
  return { ...member, device, deviceKey, record: signed }
}

/** A mesh founded by the first of the names and joined by the others, one invite each. */
export function makeMesh(
  seed: string,
  [first, ...others]: readonly [string, ...ReadonlyArray<string>],
  policy: Policy = { invite: "admin" }
): MadeMesh {
  const bytes = seededBytes(seed)
  const founder = makeMember(first, bytes)
  const root = signKeyPair(Redacted.make(bytes(32)))
  const member = { name: first, key: founder.key, device: founder.record }
  const genesis = foundMesh({ name: "home", policy, root, member, at: MADE_AT })
  const membership = Result.getOrThrow(foldStatement(undefined, genesis))
  const members = new Map([[first, founder]])
  const founded = { root, bytes, statements: [genesis], membership, members }
  return others.reduce<MadeMesh>((mesh, name) => withJoined(mesh, name), founded)
}

/** The mesh with one more statement, which must be acceptable. */
export function appended(mesh: MadeMesh, statement: Statement): MadeMesh {
  const membership = Result.getOrThrow(foldStatement(mesh.membership, statement))
  return { ...mesh, membership, statements: [...mesh.statements, statement] }
}

/** The next statement of the mesh, by the member of that name. */
export function statementBy(
  mesh: MadeMesh,
  name: string,
  content: StatementContent
): Statement {
  return nextStatement(mesh.membership, content, { at: MADE_AT, key: memberOf(mesh, name).key })
}

/** What becomes of a statement at the head of the mesh: `ok`, or the code of its refusal. */
export function foldOutcome(mesh: MadeMesh, statement: Statement): string {
  return outcomeOf(foldStatement(mesh.membership, statement))
}

/** The statement by which one member ends the membership of another, or its own. */
export function revocationOf(mesh: MadeMesh, by: string, target: string): Statement {
  const body = { member: memberOf(mesh, target).id }
  return statementBy(mesh, by, { kind: "member_revoke", body })
}

/** What an invite may offer otherwise than by default: once, as a member, for a second. */
export interface OfferOptions {
  readonly by?: string
  readonly role?: "admin" | "member"
  readonly max_uses?: number
  readonly expires?: number
}

/** A mesh with an open invite, and the key of the invite. */
export interface Offered {
  readonly mesh: MadeMesh
  readonly invite: SignKeyPair
}

/** The statement that offers membership to the holder of `invite`. */
export function offerOf(
  mesh: MadeMesh,
  invite: SignKeyPair,
  { by = founderOf(mesh), ...options }: OfferOptions = {}
): Statement {
  const key = toBase64Url(invite.publicKey)
  const body = { key, role: "member", max_uses: 1, expires: MADE_AT + 1_000, ...options } as const
  return statementBy(mesh, by, { kind: "invite", body })
}

/** The mesh with one more invite. */
export function withOffer(mesh: MadeMesh, options: OfferOptions = {}): Offered {
  const invite = signKeyPair(Redacted.make(mesh.bytes(32)))
  return { invite, mesh: appended(mesh, offerOf(mesh, invite, options)) }
}

/** The statement with which a made member joins by an invite. */
export function joinOf(
  { invite, mesh }: Offered,
  { key, name, record }: MadeMember,
  at = MADE_AT
): Statement {
  return joinMesh(mesh.membership, { name, key, device: record }, { at, invite })
}

/** The mesh with one more member, by an invite of its own. */
export function withJoined(mesh: MadeMesh, name: string, options: OfferOptions = {}): MadeMesh {
  const offered = withOffer(mesh, options)
  const member = makeMember(name, mesh.bytes)
  const joined = appended(offered.mesh, joinOf(offered, member))
  return { ...joined, members: new Map([...mesh.members, [name, member]]) }
}

/** The member of that name. */
export function memberOf(mesh: MadeMesh, name: string): MadeMember {
  const member = mesh.members.get(name)
  if (member === undefined) throw new Error(`The made mesh has no member "${name}"`)
  return member
}

function founderOf(mesh: MadeMesh): string {
  return [...mesh.members.keys()][0] ?? ""
}
