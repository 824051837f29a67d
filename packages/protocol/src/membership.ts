/**
 * The fold of a membership log: who belongs to the mesh, with which devices, and who may do what.
 *
 * Pure, and run by the broker and by every client alike: a broker can refuse a
 * statement, but never make one that clients accept. A refused statement leaves
 * the state as it was.
 *
 * @module
 */
import { HashMap, Option, Result } from "effect"
import type { DeviceId, InviteId, MemberId, MeshId } from "./ids.ts"
import type { Policy } from "./statements.ts"
import type { Role } from "./vocabulary.ts"

/** A member as the log has it. */
export interface Member {
  readonly id: MemberId
  readonly key: string
  readonly name: string
  readonly role: Role
  readonly addedAt: number
  /** The statement that ended it; nothing while it is a member. */
  readonly revokedAt?: number
}

/** A device as the log has it. */
export interface Device {
  readonly id: DeviceId
  readonly member: MemberId
  readonly key: string
  readonly identity: string
  readonly name: string
  readonly addedAt: number
  readonly revokedAt?: number
}

/** An invite as the log has it. */
export interface Invite {
  readonly id: InviteId
  readonly key: string
  readonly role: Role
  readonly by: MemberId
  readonly maxUses: number
  readonly uses: number
  readonly expires: number
  readonly revoked: boolean
}

/** The head of a log: how many statements it has, and the hash of the last. */
export interface LogHead {
  readonly seq: number
  readonly hash: string
}

/** Everything the log says. Numbers of statements order it; clocks do not. */
export interface Membership {
  readonly mesh: MeshId
  readonly name: string
  readonly root: string
  readonly policy: Policy
  readonly head: LogHead
  /** The latest time that any statement has: an invite ends by it, whatever a joiner says the time is. */
  readonly latestAt: number
  /** The hash of every statement by its number, to compare views with. */
  readonly hashes: HashMap.HashMap<number, string>
  readonly members: HashMap.HashMap<MemberId, Member>
  readonly devices: HashMap.HashMap<DeviceId, Device>
  readonly invites: HashMap.HashMap<InviteId, Invite>
}

/** The member, if it is one now. */
export function liveMember(membership: Membership, id: MemberId): Member | undefined {
  const member = Option.getOrUndefined(HashMap.get(membership.members, id))
  return member?.revokedAt === undefined ? member : undefined
}

/** The device, if it and its member belong to the mesh now. */
export function liveDevice(membership: Membership, id: DeviceId): Device | undefined {
  const device = Option.getOrUndefined(HashMap.get(membership.devices, id))
  return device?.revokedAt === undefined ? device : undefined
}

/**
 * Whether the device belonged to the mesh when the log had `seq` statements.
 *
 * So what was admitted before a revocation still arrives after it. Where the
 * device chooses `seq` itself, it can go back to before its end: only the
 * broker's fence, in the transaction of the revocation, tells early from late.
 */
export function wasDeviceAt(device: Device, seq: number): boolean {
  return device.addedAt <= seq && (device.revokedAt === undefined || seq < device.revokedAt)
}

/** Members there are now, in the order they came. */
export function liveMembers(membership: Membership): ReadonlyArray<Member> {
  return [...HashMap.values(membership.members)]
    .filter((member) => member.revokedAt === undefined)
    .toSorted((one, other) => one.addedAt - other.addedAt)
}

/** Devices there are now, in the order they came. */
export function liveDevices(membership: Membership): ReadonlyArray<Device> {
  return [...HashMap.values(membership.devices)]
    .filter((device) => device.revokedAt === undefined)
    .toSorted((one, other) => one.addedAt - other.addedAt)
}

/** Devices of one member there are now. */
export function devicesOf(membership: Membership, member: MemberId): ReadonlyArray<Device> {
  return liveDevices(membership).filter((device) => device.member === member)
}

/** How another's view of the log compares with ours: the same so far, ahead of it, or a fork. */
export function compareHead(membership: Membership, theirs: LogHead): "known" | "ahead" | "fork" {
  if (theirs.seq > membership.head.seq) return "ahead"
  const ours = HashMap.get(membership.hashes, theirs.seq)
  return Option.isSome(ours) && ours.value === theirs.hash ? "known" : "fork"
}

/** Whether a member may issue invites for that role. */
export function mayInvite(membership: Membership, member: Member, role: Role): boolean {
  if (member.role === "admin") return true
  return membership.policy.invite === "member" && role === "member"
}

/** Whether the invite can be used at this time; the code says why not. */
export function inviteState(
  invite: Invite,
  at: number
): Result.Result<Invite, "invite_revoked" | "invite_expired" | "invite_exhausted"> {
  if (invite.revoked) return Result.fail("invite_revoked")
  if (at > invite.expires) return Result.fail("invite_expired")
  if (invite.uses >= invite.maxUses) return Result.fail("invite_exhausted")
  return Result.succeed(invite)
}
