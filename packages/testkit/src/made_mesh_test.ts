import { liveDevices, liveMembers } from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import {
  appended,
  foldOutcome,
  joinOf,
  makeMember,
  makeMesh,
  memberOf,
  offerOf,
  revocationOf,
  withJoined,
  withOffer
} from "./made_mesh.ts"

const mesh = makeMesh("made mesh", ["ada", "bob"])

describe("makeMesh", () => {
  it("makes the same mesh for the same seed, and another for another", () => {
    assert.deepStrictEqual(makeMesh("made mesh", ["ada", "bob"]).statements, mesh.statements)
    assert.notStrictEqual(makeMesh("x", ["ada"]).membership.mesh, mesh.membership.mesh)
  })

  it("makes the first name admin, and gives everybody a device", () => {
    const roles = liveMembers(mesh.membership).map(({ name, role }) => [name, role])

    assert.deepStrictEqual(roles, [["ada", "admin"], ["bob", "member"]])
    assert.lengthOf(liveDevices(mesh.membership), 2)
  })
})

describe("appended", () => {
  it("dies for a statement that the log refuses", () => {
    assert.throws(() => appended(mesh, revocationOf(mesh, "bob", "ada")))
  })
})

describe("withJoined and withOffer", () => {
  it("add a member of any role", () => {
    const two = withJoined(mesh, "dot", { role: "admin" })

    assert.strictEqual(foldOutcome(two, revocationOf(two, "dot", "ada")), "ok")
    assert.strictEqual(memberOf(two, "dot").name, "dot")
  })

  it("offer what they are told to", () => {
    const offered = withOffer(mesh, { max_uses: 2 })
    const join = joinOf(offered, makeMember("eve", mesh.bytes))

    assert.strictEqual(foldOutcome(offered.mesh, join), "ok")
    assert.strictEqual(foldOutcome(mesh, offerOf(mesh, mesh.root, { by: "bob" })), "not_permitted")
  })
})

describe("memberOf", () => {
  it("dies for a name that nobody has", () => {
    assert.throws(() => memberOf(mesh, "eve"), /no member "eve"/)
  })
})
