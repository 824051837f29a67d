import {
  appended,
  foldOutcome,
  joinOf,
  MADE_AT,
  type MadeMesh,
  makeMember,
  makeMesh,
  memberOf,
  offerOf,
  outcomeOf,
  revocationOf,
  statementBy,
  withJoined,
  withOffer
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { HashMap } from "effect"
import { toBase64Url } from "./crypto/mod.ts"
import { limits } from "./limits.ts"
import { type StatementContent } from "./make_statements.ts"
import { liveDevice, liveMember } from "./membership.ts"
import { foldStatement } from "./membership_fold.ts"

const mesh = makeMesh("rules", ["ada", "bob", "cy"])
const eve = makeMember("eve", mesh.bytes)

describe("foldStatement, of an invite", () => {
  it("lets an admin offer any role", () => {
    const { membership } = withOffer(mesh, { role: "admin", max_uses: 3 }).mesh

    const invite = [...HashMap.values(membership.invites)].find(({ uses }) => uses === 0)
    assert.strictEqual(invite?.role, "admin")
    assert.strictEqual(invite?.maxUses, 3)
  })

  it("lets members offer only what the policy allows", () => {
    const open = makeMesh("open", ["ada", "bob"], { invite: "member" })

    assert.strictEqual(
      foldOutcome(mesh, offerOf(mesh, mesh.root, { by: "bob" })),
      "not_permitted"
    )
    assert.strictEqual(
      foldOutcome(open, offerOf(open, mesh.root, { by: "bob" })),
      "ok"
    )
    const admin = offerOf(open, mesh.root, { by: "bob", role: "admin" })
    assert.strictEqual(foldOutcome(open, admin), "not_permitted")
  })

  it("refuses the same key twice, also after it was revoked", () => {
    const offered = appended(mesh, offerOf(mesh, mesh.root))
    const ended = appended(
      offered,
      statementBy(offered, "ada", { kind: "invite_revoke", body: { key: keyText(mesh) } })
    )

    assert.strictEqual(
      foldOutcome(offered, offerOf(offered, mesh.root)),
      "bad_statement"
    )
    assert.strictEqual(
      foldOutcome(ended, offerOf(ended, mesh.root)),
      "bad_statement"
    )
  })

  it("refuses an offer that lasts longer than the limit", () => {
    const longest = MADE_AT + limits.inviteMillisMax

    assert.strictEqual(
      foldOutcome(mesh, offerOf(mesh, mesh.root, { expires: longest })),
      "ok"
    )
    const longer = offerOf(mesh, mesh.root, { expires: longest + 1 })
    assert.strictEqual(foldOutcome(mesh, longer), "bad_statement")
  })
})

describe("foldStatement, of an invite taken back", () => {
  const open = withJoined(makeMesh("back", ["ada", "bob"], { invite: "member" }), "cy")
  const offered = withOffer(open, { by: "bob" })
  const body = { key: toBase64Url(offered.invite.publicKey) }
  const content = { kind: "invite_revoke", body } as const

  it("is for its issuer and for admins", () => {
    assert.strictEqual(by(offered.mesh, "bob", content), "ok")
    assert.strictEqual(by(offered.mesh, "ada", content), "ok")
    assert.strictEqual(by(offered.mesh, "cy", content), "not_permitted")
  })

  it("ends the invite", () => {
    const ended = appended(offered.mesh, statementBy(offered.mesh, "bob", content))

    assert.strictEqual(joining({ ...offered, mesh: ended }), "invite_revoked")
  })

  it("refuses an invite that nobody offered", () => {
    assert.strictEqual(
      by(mesh, "ada", { kind: "invite_revoke", body: { key: eve.record.key } }),
      "invite_not_found"
    )
  })
})

describe("foldStatement, of a device that ends", () => {
  const { device, id } = memberOf(mesh, "bob")
  const content = { kind: "device_revoke", body: { device } } as const

  it("is for its member and for admins", () => {
    assert.strictEqual(by(mesh, "bob", content), "ok")
    assert.strictEqual(by(mesh, "ada", content), "ok")
    assert.strictEqual(by(mesh, "cy", content), "not_permitted")
  })

  it("ends the device and leaves its member", () => {
    const { membership } = appended(mesh, statementBy(mesh, "bob", content))

    assert.isUndefined(liveDevice(membership, device))
    assert.strictEqual(liveMember(membership, id)?.name, "bob")
  })

  it("refuses a device that is not there, or has ended", () => {
    const ended = appended(mesh, statementBy(mesh, "bob", content))

    assert.strictEqual(by(ended, "bob", content), "unknown_device")
    assert.strictEqual(
      by(mesh, "ada", { ...content, body: { device: eve.device } }),
      "unknown_device"
    )
  })

  it("refuses the last device of the last admin", () => {
    const own = memberOf(mesh, "ada").device

    assert.strictEqual(by(mesh, "ada", { ...content, body: { device: own } }), "last_admin")
    const two = withJoined(mesh, "dot", { role: "admin" })
    assert.strictEqual(by(two, "ada", { ...content, body: { device: own } }), "ok")
  })
})

describe("foldStatement, of a membership that ends", () => {
  it("is for the member and for admins", () => {
    assert.strictEqual(
      foldOutcome(mesh, revocationOf(mesh, "bob", "bob")),
      "ok"
    )
    assert.strictEqual(
      foldOutcome(mesh, revocationOf(mesh, "ada", "bob")),
      "ok"
    )
    assert.strictEqual(
      foldOutcome(mesh, revocationOf(mesh, "bob", "cy")),
      "not_permitted"
    )
  })

  it("ends its devices and its invites, and nobody else's", () => {
    const open = makeMesh("ends", ["ada", "bob"], { invite: "member" })
    const bobs = withOffer(open, { by: "bob" })
    const adas = withOffer(bobs.mesh)
    const left = appended(adas.mesh, revocationOf(adas.mesh, "ada", "bob"))

    assert.isUndefined(liveDevice(left.membership, memberOf(open, "bob").device))
    assert.strictEqual(joining({ ...bobs, mesh: left }), "invite_revoked")
    assert.strictEqual(joining({ ...adas, mesh: left }), "ok")
  })

  it("refuses a member who is not there, or has left", () => {
    const left = appended(mesh, revocationOf(mesh, "ada", "bob"))
    const body = { member: memberOf(mesh, "bob").id }

    assert.strictEqual(by(left, "ada", { kind: "member_revoke", body }), "unknown_recipient")
    assert.strictEqual(
      by(mesh, "ada", { kind: "member_revoke", body: { member: eve.id } }),
      "unknown_recipient"
    )
  })

  it("refuses the last admin, and an admin beside whom only one without a device is left", () => {
    assert.strictEqual(
      foldOutcome(mesh, revocationOf(mesh, "ada", "ada")),
      "last_admin"
    )

    const two = withJoined(mesh, "dot", { role: "admin" })
    assert.strictEqual(
      foldOutcome(two, revocationOf(two, "ada", "ada")),
      "ok"
    )
    const body = { device: memberOf(two, "dot").device }
    const bare = appended(two, statementBy(two, "dot", { kind: "device_revoke", body }))
    assert.strictEqual(
      foldOutcome(bare, revocationOf(bare, "ada", "ada")),
      "last_admin"
    )
  })
})

/** What became of a statement of the mesh by one of its members. */
function by(given: MadeMesh, name: string, content: StatementContent): string {
  return foldOutcome(given, statementBy(given, name, content))
}

function joining(offered: Parameters<typeof joinOf>[0], name = "eve"): string {
  const newcomer = makeMember(name, mesh.bytes)
  return outcomeOf(foldStatement(offered.mesh.membership, joinOf(offered, newcomer)))
}

function keyText(given: MadeMesh): string {
  return toBase64Url(given.root.publicKey)
}
