// Members who try anything, in an order that a seed decides: what must hold of every log that comes of it.
import {
  appended,
  type Draw,
  foldOutcome,
  joinOf,
  type MadeMesh,
  makeMember,
  makeMesh,
  memberOf,
  offerOf,
  revocationOf,
  seededDraw,
  statementBy
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { HashMap, Redacted, Result } from "effect"
import { type SignKeyPair, signKeyPair, toBase64Url } from "./crypto/mod.ts"
import { isErrorCode } from "./errors.ts"
import { liveDevices, liveMember, liveMembers, type Membership } from "./membership.ts"
import { foldStatements } from "./membership_fold.ts"
import type { Statement } from "./statements.ts"

/** A mesh with every key that was ever made for it, whether the log took it or not. */
interface Walk {
  readonly mesh: MadeMesh
  readonly invites: ReadonlyArray<SignKeyPair>
}

describe("a log made of whatever members try", () => {
  it.each(["one", "two", "three"])("holds what it promises at every step: walk %s", (seed) => {
    const draw = seededDraw(seed)
    let walk: Walk = { mesh: makeMesh(seed, ["m0", "m1"], { invite: "member" }), invites: [] }
    let taken = 0
    for (let step = 0; step < 250; step++) {
      const { statement, walk: next } = attempt(walk, draw)
      const outcome = foldOutcome(next.mesh, statement)
      assert.isTrue(outcome === "ok" || isErrorCode(outcome))
      taken += outcome === "ok" ? 1 : 0
      walk = outcome === "ok" ? { ...next, mesh: appended(next.mesh, statement) } : next
      holds(walk.mesh.membership)
    }

    assert.isAbove(taken, 50)
    const again = Result.getOrThrow(foldStatements(walk.mesh.statements))
    assert.deepStrictEqual(again?.head, walk.mesh.membership.head)
  })
})

function holds(membership: Membership): void {
  const members = liveMembers(membership)
  const names = members.map(({ name }) => name)
  assert.deepStrictEqual(names, [...new Set(names)], "a name for each")

  const devices = liveDevices(membership)
  const owners = devices.map(({ member }) => liveMember(membership, member))
  assert.notInclude(owners, undefined, "no device without its member")
  assert.isTrue(owners.some((owner) => owner?.role === "admin"), "an admin who can act")

  const invites = [...HashMap.values(membership.invites)]
  assert.isTrue(invites.every(({ maxUses, uses }) => uses <= maxUses), "no use too many")
  const open = invites.filter(({ revoked }) => !revoked)
  assert.isTrue(open.every(({ by }) => liveMember(membership, by)), "no door of one who is gone")
}

/** What somebody tries next: mostly one who is there, now and then one who left or never came. */
function attempt(walk: Walk, draw: Draw): { readonly statement: Statement; readonly walk: Walk } {
  const { invites, mesh } = walk
  const known = [...mesh.members.keys()]
  const there = known.filter((name) => liveMember(mesh.membership, memberOf(mesh, name).id))
  const by = pick(draw(4) === 0 ? known : there, draw)
  const target = pick(draw(4) === 0 ? known : there, draw)
  switch (draw(10)) {
    case 0:
      return { walk, statement: revocationOf(mesh, by, target) }
    case 1: {
      const body = { device: memberOf(mesh, target).device }
      return { walk, statement: statementBy(mesh, by, { kind: "device_revoke", body }) }
    }
    case 2: {
      const body = { key: toBase64Url(recent(invites, mesh.root, draw).publicKey) }
      return { walk, statement: statementBy(mesh, by, { kind: "invite_revoke", body }) }
    }
    case 3:
    case 4:
    case 5:
      return offering(walk, by, draw)
    default:
      return joining(walk, draw)
  }
}

/** One of the last invites, or a key that is none. */
function recent(invites: Walk["invites"], none: SignKeyPair, draw: Draw): SignKeyPair {
  return invites.at(-1 - draw(4)) ?? none
}

function offering({ invites, mesh }: Walk, by: string, draw: Draw) {
  const invite = signKeyPair(Redacted.make(mesh.bytes(32)))
  const role = draw(3) === 0 ? "admin" : "member"
  const statement = offerOf(mesh, invite, { by, role, max_uses: 1 + draw(3) })
  return { statement, walk: { mesh, invites: [...invites, invite] } }
}

function joining({ invites, mesh }: Walk, draw: Draw) {
  const label = `m${mesh.members.size}`
  const made = makeMember(label, mesh.bytes)
  const known = memberOf(mesh, pick([...mesh.members.keys()], draw))
  // Mostly somebody new; now and then a key or a name that is known.
  const newcomer = draw(6) === 0 ? known : draw(4) === 0 ? { ...made, name: known.name } : made
  const invite = recent(invites, mesh.root, draw)
  const members = new Map([...mesh.members, [label, made]])
  return {
    statement: joinOf({ mesh, invite }, newcomer),
    walk: { invites, mesh: { ...mesh, members } }
  }
}

function pick<A>(items: ReadonlyArray<A>, draw: Draw): A {
  const item = items[draw(items.length)]
  if (item === undefined) throw new Error("There is nothing to choose from")
  return item
}
