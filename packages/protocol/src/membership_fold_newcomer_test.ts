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
  withDeviceOf,
  withJoined,
  withOffer
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { toBase64Url } from "./crypto/mod.ts"
import { nextStatement, type StatementContent } from "./make_statements.ts"
import { liveDevice, liveMember } from "./membership.ts"
import { foldStatement } from "./membership_fold.ts"

const mesh = makeMesh("rules", ["ada", "bob", "cy"])
const eve = makeMember("eve", mesh.bytes)

describe("foldStatement, of a newcomer", () => {
  const offered = withOffer(mesh)
  const join = joinOf(offered, eve)

  it("adds the member with its device and the role of the invite", () => {
    const { membership } = appended(offered.mesh, join)

    const member = liveMember(membership, eve.id)
    assert.strictEqual(member?.name, "eve")
    assert.strictEqual(member?.role, "member")
    assert.strictEqual(member?.addedAt, join.seq)
    assert.strictEqual(liveDevice(membership, eve.device)?.member, eve.id)
  })

  it("lets a newcomer with an admin's invite act as admin", () => {
    const two = withJoined(mesh, "dot", { role: "admin" })

    assert.strictEqual(
      foldOutcome(two, revocationOf(two, "dot", "ada")),
      "ok"
    )
  })

  it("counts uses and refuses the one too many", () => {
    const twice = withOffer(mesh, { max_uses: 2 })
    const one = appended(twice.mesh, joinOf(twice, eve))
    const two = appended(one, joinOf({ ...twice, mesh: one }, makeMember("flo", mesh.bytes)))

    assert.strictEqual(joining({ ...twice, mesh: two }, "gus"), "invite_exhausted")
  })

  it("refuses an invite after its time, and takes it at the last moment", () => {
    const { membership } = offered.mesh

    assert.strictEqual(
      outcomeOf(foldStatement(membership, joinOf(offered, eve, MADE_AT + 1_000))),
      "ok"
    )
    const late = joinOf(offered, eve, MADE_AT + 1_001)
    assert.strictEqual(outcomeOf(foldStatement(membership, late)), "invite_expired")
  })

  it("refuses an invite that nobody offered, and one of another mesh", () => {
    const elsewhere = withOffer(makeMesh("elsewhere", ["ada"]))

    assert.strictEqual(joining({ mesh, invite: offered.invite }), "invite_not_found")
    assert.strictEqual(joining({ mesh, invite: elsewhere.invite }), "invite_not_found")
  })

  it("refuses a claim that the invite's key did not make", () => {
    const impostor = { ...offered, invite: mesh.root }
    const forged = joinOf(impostor, eve)
    if (forged.kind !== "member_add") return assert.fail("it adds nobody")
    const body = { ...forged.body, invite: toBase64Url(offered.invite.publicKey) }

    assert.strictEqual(signedBy(offered.mesh, eve, { kind: "member_add", body }), "bad_signature")
  })

  it.each([
    ["another name", { name: "mallory" }],
    ["another device", { device: makeMember("m", mesh.bytes).record }],
    ["another device name", { device: { ...eve.record, name: "other" } }],
    ["another identity", {
      device: { ...eve.record, identity: makeMember("m", mesh.bytes).record.identity }
    }]
  ])("refuses a claim made for %s", (_, change) => {
    if (join.kind !== "member_add") return assert.fail("it adds nobody")
    const body = { ...join.body, ...change }

    assert.strictEqual(signedBy(offered.mesh, eve, { kind: "member_add", body }), "bad_signature")
  })

  it("refuses a broker that swaps the joiner's key", () => {
    if (join.kind !== "member_add") return assert.fail("it adds nobody")
    const mallory = makeMember("mallory", mesh.bytes)
    const body = { ...join.body, key: toBase64Url(mallory.key.publicKey) }

    assert.strictEqual(
      signedBy(offered.mesh, mallory, { kind: "member_add", body }),
      "bad_signature"
    )
    assert.strictEqual(signedBy(offered.mesh, eve, { kind: "member_add", body }), "bad_statement")
  })

  it("refuses a claim that was signed for another mesh", () => {
    const other = makeMesh("other", ["ada"])
    const copy = appended(other, offerOf(other, offered.invite))
    const foreign = joinOf({ mesh: copy, invite: offered.invite }, eve)
    if (foreign.kind !== "member_add") return assert.fail("it adds nobody")

    assert.strictEqual(
      signedBy(offered.mesh, eve, { kind: "member_add", body: foreign.body }),
      "bad_signature"
    )
  })

  it("refuses a name that a live member has, and takes that of one who left", () => {
    assert.strictEqual(joining(offered, "bob"), "name_taken")

    const left = appended(offered.mesh, revocationOf(offered.mesh, "ada", "bob"))
    assert.strictEqual(joining({ ...offered, mesh: left }, "bob"), "ok")
  })

  it("refuses a device that did not agree to belong to the joiner", () => {
    const { record } = makeMember("flo", mesh.bytes)

    assert.strictEqual(
      outcomeOf(foldStatement(offered.mesh.membership, joinOf(offered, { ...eve, record }))),
      "bad_signature"
    )
  })

  it("ends an invite by the latest time in the log, whatever time the joiner gives", () => {
    const body = {
      key: toBase64Url(eve.key.publicKey),
      role: "member",
      max_uses: 1,
      expires: MADE_AT + 9_000
    } as const
    const later = nextStatement(
      offered.mesh.membership,
      { kind: "invite", body },
      { at: MADE_AT + 5_000, key: memberOf(offered.mesh, "ada").key }
    )
    const mesh = appended(offered.mesh, later)

    assert.strictEqual(
      outcomeOf(foldStatement(mesh.membership, joinOf({ ...offered, mesh }, eve, MADE_AT))),
      "invite_expired"
    )
  })

  it("refuses a key or a device that the log knows, also of one who left", () => {
    const bob = memberOf(mesh, "bob")
    const again = makeMember("eve", mesh.bytes)
    const sameKey = { ...bob, name: "eve", record: withDeviceOf(bob, again).record }
    const sameDevice = withDeviceOf(eve, bob)
    const left = {
      ...offered,
      mesh: appended(offered.mesh, revocationOf(offered.mesh, "ada", "bob"))
    }

    for (const given of [offered, left]) {
      const { membership } = given.mesh
      assert.strictEqual(
        outcomeOf(foldStatement(membership, joinOf(given, sameKey))),
        "already_member"
      )
      assert.strictEqual(
        outcomeOf(foldStatement(membership, joinOf(given, sameDevice))),
        "already_member"
      )
    }
  })
})

/** What became of a statement signed by somebody who need not belong to the mesh. */
function signedBy(given: MadeMesh, who: typeof eve, content: StatementContent): string {
  const members = new Map([[who.name, who]])
  return foldOutcome(given, statementBy({ ...given, members }, who.name, content))
}

function joining(offered: Parameters<typeof joinOf>[0], name = "eve"): string {
  const newcomer = makeMember(name, mesh.bytes)
  return outcomeOf(foldStatement(offered.mesh.membership, joinOf(offered, newcomer)))
}
