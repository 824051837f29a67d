import { foldStatements } from "@claudemesh/protocol"
import { makeMesh, memberOf, statementBy } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { changeOf } from "./membership_change.ts"

const mesh = makeMesh("change", ["ada", "bob"])
const [ada, bob] = [memberOf(mesh, "ada").device, memberOf(mesh, "bob").device]
const founding = Result.getOrThrow(foldStatements(mesh.statements.slice(0, 1)))
const revoke = statementBy(mesh, "ada", { kind: "device_revoke", body: { device: bob } })
const revoked = Result.getOrThrow(foldStatements([revoke], mesh.membership))

describe("changeOf", () => {
  it("names who comes with a founding, and who joins later by which invite", () => {
    if (founding === undefined) throw new Error("nothing was founded")
    const first = changeOf(undefined, founding, mesh.statements.slice(0, 1))
    assert.deepStrictEqual(first.devicesAdded, [ada])
    assert.isUndefined(first.after)

    const then = changeOf(founding, mesh.membership, mesh.statements.slice(1))
    assert.deepStrictEqual(then.devicesAdded, [bob])
    assert.lengthOf(then.invitesAdded, 1)
    assert.deepStrictEqual(then.after, founding.head)
    assert.lengthOf(then.devicesEnded, 0)
  })

  it("names who is put out", () => {
    if (revoked === undefined) throw new Error("nothing was revoked")
    const { devicesAdded, devicesEnded } = changeOf(mesh.membership, revoked, [revoke])
    assert.deepStrictEqual([devicesAdded, devicesEnded], [[], [bob]])
  })

  it("names who came and went within one log as both, so that its row is there and ended", () => {
    if (revoked === undefined) throw new Error("nothing was revoked")
    const change = changeOf(undefined, revoked, [...mesh.statements, revoke])
    assert.includeMembers([...change.devicesAdded], [ada, bob])
    assert.deepStrictEqual(change.devicesEnded, [bob])
  })
})
