/**
 * Cases of statements that change who belongs to a mesh.
 *
 * @module
 */
import type { Statement, StatementContent } from "@claudemesh/protocol"
import { toBase64Url } from "@claudemesh/protocol/crypto"
import {
  appended,
  joinOf,
  MADE_AT,
  type MadeMember,
  type MadeMesh,
  makeMember,
  memberOf,
  type Offered,
  offerOf,
  revocationOf,
  statementBy,
  withDeviceOf,
  withJoined,
  withOffer
} from "../made_mesh.ts"
import { after, type Givens, type StatementCase } from "./statement_givens.ts"

/** Offering membership, and taking the offer back. */
export function inviteCases({ home, offered, open }: Givens): ReadonlyArray<StatementCase> {
  const month = MADE_AT + 30 * 86_400_000
  const { publicKey } = offered.invite
  return [
    ["an invite for an admin", "ok", after("home", offerOf(home, home.root, { role: "admin" }))],
    ["an invite for a month", "ok", after("home", offerOf(home, home.root, { expires: month }))],
    [
      "an invite for longer",
      "bad_statement",
      after("home", offerOf(home, home.root, { expires: month + 1 }))
    ],
    [
      "an invite by a member where only admins may",
      "not_permitted",
      after("home", offerOf(home, home.root, { by: "bob" }))
    ],
    [
      "an invite by a member where members may",
      "ok",
      after("open", offerOf(open, home.root, { by: "bob" }))
    ],
    [
      "an invite for an admin by a member",
      "not_permitted",
      after("open", offerOf(open, home.root, { by: "bob", role: "admin" }))
    ],
    [
      "the key of an invite again",
      "bad_statement",
      after("offered", offerOf(offered.mesh, offered.invite))
    ],
    [
      "an invite taken back",
      "ok",
      after("offered", statementBy(offered.mesh, "ada", takenBack(publicKey)))
    ],
    [
      "an invite taken back by somebody else",
      "not_permitted",
      after("offered", statementBy(offered.mesh, "bob", takenBack(publicKey)))
    ],
    [
      "an unknown invite taken back",
      "invite_not_found",
      after("offered", statementBy(offered.mesh, "ada", takenBack(home.root.publicKey)))
    ]
  ]
}

/** Taking the offer. */
export function joinCases({ eve, home, offered }: Givens): ReadonlyArray<StatementCase> {
  const log = "offered"
  const join = joinOf(offered, eve)
  const ended = appended(
    offered.mesh,
    statementBy(offered.mesh, "ada", takenBack(offered.invite.publicKey))
  )
  const joined = appended(offered.mesh, join)
  const bob = memberOf(home, "bob")
  return [
    ["a newcomer", "ok", after(log, join)],
    ["a newcomer at the last moment", "ok", after(log, joinOf(offered, eve, MADE_AT + 1_000))],
    ["a newcomer too late", "invite_expired", after(log, joinOf(offered, eve, MADE_AT + 1_001))],
    [
      "a newcomer without an invite",
      "invite_not_found",
      after("home", joinOf({ mesh: home, invite: offered.invite }, eve))
    ],
    [
      "a newcomer with the claim of another key",
      "bad_signature",
      after(log, forgedJoin(offered, eve))
    ],
    [
      "a newcomer whose name a broker changed",
      "bad_signature",
      after(log, renamedJoin(offered, eve))
    ],
    [
      "a newcomer after the invite was taken back",
      "invite_revoked",
      after(log, ...ended.statements.slice(-1), joinOf({ ...offered, mesh: ended }, eve))
    ],
    [
      "a second newcomer with one use",
      "invite_exhausted",
      after(log, join, joinOf({ ...offered, mesh: joined }, makeMember("flo", home.bytes)))
    ],
    [
      "a name that is taken",
      "name_taken",
      after(log, joinOf(offered, makeMember("bob", home.bytes)))
    ],
    ["a member again", "already_member", after(log, joinOf(offered, bob))],
    [
      "a device again",
      "already_member",
      after(log, joinOf(offered, withDeviceOf(eve, bob)))
    ],
    [
      "a device that did not agree",
      "bad_signature",
      after(log, joinOf(offered, { ...eve, record: bob.record }))
    ]
  ]
}

/** A join that names the invite, claimed with another key. */
function forgedJoin(offered: Offered, newcomer: MadeMember): Statement {
  const forged = joinOf({ ...offered, invite: newcomer.deviceKey }, newcomer)
  if (forged.kind !== "member_add") return forged
  const body = { ...forged.body, invite: toBase64Url(offered.invite.publicKey) }
  return signedBy(offered.mesh, newcomer, { kind: "member_add", body })
}

/** A join signed anew under a name that the invite's key did not sign. */
function renamedJoin(offered: Offered, newcomer: MadeMember): Statement {
  const join = joinOf(offered, newcomer)
  if (join.kind !== "member_add") return join
  const body = { ...join.body, name: "mallory" }
  return signedBy(offered.mesh, newcomer, { kind: "member_add", body })
}

function signedBy(mesh: MadeMesh, member: MadeMember, content: StatementContent): Statement {
  return statementBy({ ...mesh, members: new Map([[member.name, member]]) }, member.name, content)
}

/** Ending a membership or a device. */
export function endCases({ home, open }: Givens): ReadonlyArray<StatementCase> {
  const byBob = withOffer(open, { by: "bob" })
  const gone = appended(byBob.mesh, revocationOf(byBob.mesh, "ada", "bob"))
  const late = joinOf({ ...byBob, mesh: gone }, makeMember("late", home.bytes))
  const two = withJoined(home, "dot", { role: "admin" })
  const reason = "moved on"
  const leaving: StatementContent = {
    kind: "member_revoke",
    body: { member: memberOf(home, "bob").id, reason }
  }
  return [
    ["a member put out", "ok", after("home", revocationOf(home, "ada", "bob"))],
    ["a member who leaves, with a reason", "ok", after("home", statementBy(home, "bob", leaving))],
    [
      "a member put out by another",
      "not_permitted",
      after("home", revocationOf(home, "bob", "ada"))
    ],
    [
      "a member put out twice",
      "unknown_recipient",
      after("left", revocationOf(appended(home, revocationOf(home, "ada", "bob")), "ada", "bob"))
    ],
    ["the last admin", "last_admin", after("home", revocationOf(home, "ada", "ada"))],
    [
      "one of two admins",
      "ok",
      after(
        "home",
        ...two.statements.slice(home.statements.length),
        revocationOf(two, "dot", "ada")
      )
    ],
    [
      "the invite of a member who was put out",
      "invite_revoked",
      after("open", ...gone.statements.slice(open.statements.length), late)
    ],
    ["a device ended", "ok", after("home", deviceEnd(home, "bob", "bob"))],
    ["a device ended by another", "not_permitted", after("home", deviceEnd(home, "bob", "ada"))],
    ["a device ended twice", "unknown_device", after("left", endedTwice(home))],
    [
      "the last device of the last admin",
      "last_admin",
      after("home", deviceEnd(home, "ada", "ada"))
    ]
  ]
}

function takenBack(key: Uint8Array): StatementContent {
  return { kind: "invite_revoke", body: { key: toBase64Url(key) } }
}

function deviceEnd(mesh: MadeMesh, by: string, whose: string): Statement {
  const body = { device: memberOf(mesh, whose).device }
  return statementBy(mesh, by, { kind: "device_revoke", body })
}

/** What ada would say of the device of bob, who is gone. */
function endedTwice(home: MadeMesh): Statement {
  return deviceEnd(appended(home, revocationOf(home, "ada", "bob")), "ada", "bob")
}
