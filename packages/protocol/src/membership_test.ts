import { appended, MADE_AT, makeMesh, memberOf, statementBy, withJoined } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { InviteId } from "./ids.ts"
import {
  compareHead,
  type Device,
  devicesOf,
  type Invite,
  inviteState,
  liveDevice,
  liveDevices,
  liveMember,
  liveMembers,
  mayInvite,
  wasDeviceAt
} from "./membership.ts"

const mesh = makeMesh("membership", ["ada", "bob", "cy"])
const bob = memberOf(mesh, "bob")
const revoke = statementBy(mesh, "ada", { kind: "member_revoke", body: { member: bob.id } })
const without = appended(mesh, revoke).membership
const full = mesh.membership

describe("liveMember and liveDevice", () => {
  it("know who belongs to the mesh", () => {
    assert.strictEqual(liveMember(full, bob.id)?.name, "bob")
    assert.strictEqual(liveDevice(full, bob.device)?.name, "bob-box")
  })

  it("forget who was revoked, with its devices", () => {
    assert.isUndefined(liveMember(without, bob.id))
    assert.isUndefined(liveDevice(without, bob.device))
    assert.lengthOf(devicesOf(without, bob.id), 0)
  })
})

describe("liveMembers and liveDevices", () => {
  it("list who is there in the order they came", () => {
    const names = ["ada", "bob", "cy", "di", "ed", "flo", "gus", "hal"] as const
    const { membership } = makeMesh("order", names)

    assert.deepStrictEqual(liveMembers(membership).map(({ name }) => name), [...names])
    const boxes = liveDevices(membership).map(({ name }) => name)
    assert.deepStrictEqual(boxes, names.map((name) => `${name}-box`))
  })

  it("leave out who was revoked", () => {
    assert.deepStrictEqual(liveMembers(without).map(({ name }) => name), ["ada", "cy"])
  })
})

describe("wasDeviceAt", () => {
  const device: Device = { ...deviceOf(), addedAt: 3 }

  it("holds from the statement that added it", () => {
    assert.isFalse(wasDeviceAt(device, 2))
    assert.isTrue(wasDeviceAt(device, 3))
    assert.isTrue(wasDeviceAt(device, 1_000))
  })

  it("ends with the statement that revoked it", () => {
    assert.isTrue(wasDeviceAt({ ...device, revokedAt: 7 }, 6))
    assert.isFalse(wasDeviceAt({ ...device, revokedAt: 7 }, 7))
  })
})

describe("compareHead", () => {
  it("knows every statement of our own log", () => {
    mesh.statements.slice(1).forEach(({ prev, seq }) => {
      assert.strictEqual(compareHead(full, { seq: seq - 1, hash: prev }), "known")
    })
    assert.strictEqual(compareHead(full, full.head), "known")
  })

  it("tells who is ahead, whatever the hash", () => {
    assert.strictEqual(compareHead(full, { seq: full.head.seq + 1, hash: full.head.hash }), "ahead")
  })

  it("tells a fork: another hash at a number we have", () => {
    assert.strictEqual(compareHead(full, { seq: 2, hash: full.head.hash }), "fork")
    assert.strictEqual(compareHead(full, { seq: 0, hash: full.head.hash }), "fork")
    const other = makeMesh("another", ["ada", "bob", "cy"]).membership
    assert.strictEqual(compareHead(full, other.head), "fork")
  })
})

describe("mayInvite", () => {
  it("lets an admin invite for every role", () => {
    const admin = assertMember("ada")

    assert.isTrue(mayInvite(full, admin, "admin"))
    assert.isTrue(mayInvite(full, admin, "member"))
  })

  it("lets a member invite members where the policy says so, and never admins", () => {
    const open = { ...full, policy: { invite: "member" } as const }

    assert.isFalse(mayInvite(full, assertMember("bob"), "member"))
    assert.isTrue(mayInvite(open, assertMember("bob"), "member"))
    assert.isFalse(mayInvite(open, assertMember("bob"), "admin"))
  })

  it("lets a second admin invite as the first", () => {
    const two = withJoined(mesh, "dot", { role: "admin" })
    const dot = liveMember(two.membership, memberOf(two, "dot").id)

    assert.isTrue(dot !== undefined && mayInvite(two.membership, dot, "admin"))
  })
})

describe("inviteState", () => {
  const invite: Invite = {
    id: InviteId.make(`i_${"a".repeat(26)}`),
    key: "",
    role: "member",
    by: bob.id,
    maxUses: 2,
    uses: 1,
    expires: MADE_AT,
    revoked: false
  }

  it("is usable up to and including the moment it expires", () => {
    assert.deepStrictEqual(inviteState(invite, MADE_AT), Result.succeed(invite))
    assert.deepStrictEqual(inviteState(invite, MADE_AT + 1), Result.fail("invite_expired"))
  })

  it("ends with its last use", () => {
    const used = { ...invite, uses: 2 }

    assert.deepStrictEqual(inviteState(used, 0), Result.fail("invite_exhausted"))
  })

  it("says that it was revoked before anything else", () => {
    const ended = { ...invite, revoked: true, uses: 2 }

    assert.deepStrictEqual(inviteState(ended, MADE_AT + 1), Result.fail("invite_revoked"))
  })
})

function deviceOf(): Device {
  const device = liveDevice(full, bob.device)
  if (device === undefined) throw new Error("bob has no device")
  return device
}

function assertMember(name: string) {
  const member = liveMember(full, memberOf(mesh, name).id)
  if (member === undefined) throw new Error(`There is no "${name}"`)
  return member
}
