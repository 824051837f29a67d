/**
 * `(membership, statement) → membership | refusal`: the rules of the membership log, a row per statement.
 *
 * @module
 */
import { HashMap, Option, Result } from "effect"
import { fromBase64Url, verify } from "./crypto/mod.ts"
import { type Refused, refused } from "./errors.ts"
import { deviceIdOf, inviteIdOf, memberIdOf } from "./key_ids.ts"
import { limits } from "./limits.ts"
import {
  type Device,
  type Invite,
  inviteState,
  liveDevice,
  liveDevices,
  liveMember,
  liveMembers,
  mayInvite,
  type Member,
  type Membership
} from "./membership.ts"
import {
  deviceProofInput,
  type DeviceRecord,
  GENESIS_PREV,
  inviteClaimInput,
  memberProofInput,
  meshOfGenesis,
  Statement,
  statementBytes,
  statementHash,
  verifyStatement
} from "./statements.ts"

type Of<Kind extends Statement["kind"]> = Extract<Statement, { readonly kind: Kind }>
type Folded = Result.Result<Membership, Refused>

/** Folds one statement. The first is a genesis, and there is no other. */
export function foldStatement(membership: Membership | undefined, statement: Statement): Folded {
  if (statementBytes(statement) > limits.statementBytesMax) {
    return no("too_large", statement, "is too large")
  }
  if (membership === undefined) {
    return statement.kind === "genesis"
      ? found(statement)
      : bad(statement, "comes before the genesis")
  }
  const misplaced = placeOf(membership, statement)
  if (misplaced !== undefined) return misplaced
  return Result.map(rules(membership)(statement), (next) => append(next, statement))
}

/** Folds a whole log, or on from a state; stops at the first refusal. */
export function foldStatements(
  statements: Iterable<Statement>,
  from?: Membership
): Result.Result<Membership | undefined, Refused> {
  let membership = from
  for (const statement of statements) {
    const next = foldStatement(membership, statement)
    if (Result.isFailure(next)) return next
    membership = next.success
  }
  return Result.succeed(membership)
}

function rules(membership: Membership) {
  return Statement.match({
    genesis: (statement) => bad(statement, "founds a mesh that exists"),
    invite: (statement) => invite(membership, statement),
    invite_revoke: (statement) => inviteRevoke(membership, statement),
    member_add: (statement) => memberAdd(membership, statement),
    device_revoke: (statement) => deviceRevoke(membership, statement),
    member_revoke: (statement) => memberRevoke(membership, statement)
  })
}

function placeOf(membership: Membership, statement: Statement): Folded | undefined {
  if (statement.mesh !== membership.mesh) {
    return no("wrong_mesh", statement, `is of mesh ${statement.mesh}`)
  }
  if (statement.seq === membership.head.seq + 1 && statement.prev === membership.head.hash) {
    return undefined
  }
  return no("head_moved", statement, `does not follow statement ${membership.head.seq}`)
}

function append(membership: Membership, statement: Statement): Membership {
  const hash = statementHash(statement)
  return {
    ...membership,
    head: { seq: statement.seq, hash },
    latestAt: Math.max(membership.latestAt, statement.at),
    hashes: HashMap.set(membership.hashes, statement.seq, hash)
  }
}

function found(statement: Of<"genesis">): Folded {
  const { body, mesh, sig: _, ...rest } = statement
  const { device, member, name, policy, root } = body
  if (statement.seq !== 1 || statement.prev !== GENESIS_PREV) {
    return bad(statement, "is not the first")
  }
  if (mesh !== meshOfGenesis({ ...rest, body })) {
    return no("wrong_mesh", statement, `does not found ${mesh}`)
  }
  if (statement.by !== memberIdOf(member.key)) {
    return bad(statement, "is by another member than it names")
  }
  const proof = {
    domain: "cm1/member" as const,
    object: memberProofInput({ root, name, member: member.key, device }),
    signature: fromBase64Url(member.proof),
    publicKey: fromBase64Url(member.key)
  }
  const isProven = verify(proof) && isDeviceProven(member.key, device)
  if (!verifyStatement(statement, root) || !isProven) return unsigned(statement)
  const first: Member = {
    id: statement.by,
    key: member.key,
    name: member.name,
    role: "admin",
    addedAt: 1
  }
  const empty: Membership = {
    mesh,
    name,
    root,
    policy,
    head: { seq: 0, hash: GENESIS_PREV },
    latestAt: 0,
    hashes: HashMap.empty(),
    members: HashMap.empty(),
    devices: HashMap.empty(),
    invites: HashMap.empty()
  }
  return Result.succeed(append(withMember(empty, first, device), statement))
}

/** Whether the device itself says that it is this member's. */
function isDeviceProven(member: string, { proof, ...device }: DeviceRecord): boolean {
  return verify({
    domain: "cm1/device",
    object: deviceProofInput(member, device),
    signature: fromBase64Url(proof),
    publicKey: fromBase64Url(device.key)
  })
}

function withMember(
  membership: Membership,
  member: Member,
  record: Pick<Device, "key" | "identity" | "name">
): Membership {
  const id = deviceIdOf(record.key)
  const { identity, key, name } = record
  const device: Device = { id, key, identity, name, member: member.id, addedAt: member.addedAt }
  return {
    ...membership,
    members: HashMap.set(membership.members, member.id, member),
    devices: HashMap.set(membership.devices, id, device)
  }
}

/** The live member a statement is by, if it signed it. */
function author(membership: Membership, statement: Statement): Result.Result<Member, Refused> {
  const member = liveMember(membership, statement.by)
  if (member === undefined) {
    return no("not_permitted", statement, `is by ${statement.by}, who is no member`)
  }
  return verifyStatement(statement, member.key) ? Result.succeed(member) : unsigned(statement)
}

function invite(membership: Membership, statement: Of<"invite">): Folded {
  const { expires, key, max_uses: maxUses, role } = statement.body
  const id = inviteIdOf(key)
  return Result.flatMap(author(membership, statement), (member): Folded => {
    if (!mayInvite(membership, member, role)) {
      return no("not_permitted", statement, `is by "${member.name}", who may not invite a ${role}`)
    }
    if (HashMap.has(membership.invites, id)) return bad(statement, "repeats an invite")
    if (expires > statement.at + limits.inviteMillisMax) return bad(statement, "lasts too long")
    const offer = { id, key, role, maxUses, expires, by: member.id, uses: 0, revoked: false }
    return Result.succeed({ ...membership, invites: HashMap.set(membership.invites, id, offer) })
  })
}

function inviteRevoke(membership: Membership, statement: Of<"invite_revoke">): Folded {
  const id = inviteIdOf(statement.body.key)
  return Result.flatMap(author(membership, statement), (member): Folded => {
    const offer = Option.getOrUndefined(HashMap.get(membership.invites, id))
    if (offer === undefined) return no("invite_not_found", statement, "names an unknown invite")
    if (member.role !== "admin" && offer.by !== member.id) {
      return no("not_permitted", statement, `is by "${member.name}", who did not issue the invite`)
    }
    const invites = HashMap.set(membership.invites, id, { ...offer, revoked: true })
    return Result.succeed({ ...membership, invites })
  })
}

function memberAdd(membership: Membership, statement: Of<"member_add">): Folded {
  const { device, invite: inviteKey, invite_sig, key, name } = statement.body
  const offer = Option.getOrUndefined(HashMap.get(membership.invites, inviteIdOf(inviteKey)))
  if (offer === undefined || offer.key !== inviteKey) {
    return no("invite_not_found", statement, "names an unknown invite")
  }
  const claim = {
    domain: "cm1/invite-claim" as const,
    object: inviteClaimInput(membership.mesh, { key, name, device }),
    signature: fromBase64Url(invite_sig),
    publicKey: fromBase64Url(inviteKey)
  }
  if (statement.by !== memberIdOf(key)) return bad(statement, "is by another member than it adds")
  const isProven = verify(claim) && isDeviceProven(key, device)
  if (!isProven || !verifyStatement(statement, key)) return unsigned(statement)
  const usable = inviteState(offer, Math.max(statement.at, membership.latestAt))
  if (Result.isFailure(usable)) {
    return no(usable.failure, statement, "uses an invite that has ended")
  }
  return admit(membership, statement, { ...offer, uses: offer.uses + 1 })
}

function admit(membership: Membership, statement: Of<"member_add">, offer: Invite): Folded {
  const { device, key, name } = statement.body
  const known = HashMap.has(membership.members, statement.by) ||
    HashMap.has(membership.devices, deviceIdOf(device.key))
  if (known) return no("already_member", statement, `adds ${statement.by} again`)
  if (liveMembers(membership).some((member) => member.name === name)) {
    return no("name_taken", statement, `adds a second "${name}"`)
  }
  const member: Member = { id: statement.by, key, name, role: offer.role, addedAt: statement.seq }
  const next = withMember(membership, member, device)
  return Result.succeed({ ...next, invites: HashMap.set(next.invites, offer.id, offer) })
}

function deviceRevoke(membership: Membership, statement: Of<"device_revoke">): Folded {
  return Result.flatMap(author(membership, statement), (member): Folded => {
    const device = liveDevice(membership, statement.body.device)
    if (device === undefined) {
      return no("unknown_device", statement, `names ${statement.body.device}`)
    }
    if (member.role !== "admin" && device.member !== member.id) {
      return no("not_permitted", statement, `is by "${member.name}", whose device it is not`)
    }
    const next = endDevices(membership, (one) => one.id === device.id, statement.seq)
    return hasAdmin(next) ? Result.succeed(next) : noAdminLeft(statement)
  })
}

function memberRevoke(membership: Membership, statement: Of<"member_revoke">): Folded {
  return Result.flatMap(author(membership, statement), (member): Folded => {
    const target = liveMember(membership, statement.body.member)
    if (target === undefined) {
      return no("unknown_recipient", statement, `names ${statement.body.member}`)
    }
    if (member.role !== "admin" && target.id !== member.id) {
      return no("not_permitted", statement, `is by "${member.name}", who is no admin`)
    }
    const ended = endDevices(membership, (device) => device.member === target.id, statement.seq)
    const members = HashMap.set(ended.members, target.id, { ...target, revokedAt: statement.seq })
    const next = { ...ended, members, invites: endInvites(ended, target) }
    return hasAdmin(next) ? Result.succeed(next) : noAdminLeft(statement)
  })
}

/** Whether some admin is left with a device to act from. */
function hasAdmin(membership: Membership): boolean {
  return liveDevices(membership)
    .some((device) => liveMember(membership, device.member)?.role === "admin")
}

function noAdminLeft(statement: Statement) {
  return no("last_admin", statement, "leaves no admin with a device")
}

function endDevices(
  membership: Membership,
  ends: (device: Device) => boolean,
  seq: number
): Membership {
  const devices = HashMap.map(
    membership.devices,
    (device) =>
      device.revokedAt === undefined && ends(device) ? { ...device, revokedAt: seq } : device
  )
  return { ...membership, devices }
}

/** Whoever is put out leaves no open door behind. */
function endInvites(membership: Membership, issuer: Member): Membership["invites"] {
  return HashMap.map(
    membership.invites,
    (offer) => offer.by === issuer.id ? { ...offer, revoked: true } : offer
  )
}

function no(
  code: Parameters<typeof refused>[0],
  statement: Statement,
  why: string
): Result.Result<never, Refused> {
  return Result.fail(
    refused(code, `Cannot accept statement ${statement.seq} (${statement.kind}): it ${why}`)
  )
}

function bad(statement: Statement, why: string) {
  return no("bad_statement", statement, why)
}

function unsigned(statement: Statement) {
  return no("bad_signature", statement, "is not signed as it says")
}
