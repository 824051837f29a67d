import { makeMesh, revocationOf, statementBy, withOffer } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { identityOf } from "../testing/made_identity.ts"
import { findMesh, meshOf, newStatements } from "./mesh.ts"

const made = makeMesh("mesh", ["ada", "bob"])
const id = made.membership.mesh

function meshNamed(name: string, seed = "mesh") {
  const mesh = makeMesh(seed, ["ada"])
  const identity = identityOf(mesh, "ada")
  return meshOf(identity, { mesh: identity.mesh, name, storeEpoch: null, upto: 0 }, mesh.membership)
}

describe("findMesh", () => {
  const home = meshNamed("home")
  const work = meshNamed("work", "other")

  it("finds a mesh by its name, or by six characters of its id", () => {
    for (const typed of ["home", home.id, home.id.slice(0, 8), home.id.slice(2, 8)]) {
      assert.strictEqual(Result.getOrThrow(findMesh([home, work], typed)).name, "home", typed)
    }
  })

  it("takes a name before the beginning of an id", () => {
    const sly = { ...work, name: home.id.slice(2, 8) }

    assert.strictEqual(Result.getOrThrow(findMesh([home, sly], sly.name)).id, work.id)
  })

  it("offers what there is for a name that nothing has", () => {
    const refusal = Result.getOrThrow(Result.flip(findMesh([home, work], "hom")))

    assert.strictEqual(refusal.code, "mesh_not_found")
    assert.deepStrictEqual(refusal.candidates, ["home", "work"])
  })

  it("does not choose between two ids that begin alike", () => {
    const refusal = Result.getOrThrow(
      Result.flip(findMesh([home, { ...home, name: "copy" }], home.id.slice(0, 8)))
    )

    assert.strictEqual(refusal.code, "ambiguous_name")
    assert.deepStrictEqual(refusal.candidates, ["home", "copy"])
  })
})

describe("newStatements", () => {
  it("are all of them where nothing is known yet", () => {
    assert.deepStrictEqual(
      Result.getOrThrow(newStatements(undefined, made.statements)),
      made.statements
    )
  })

  it("are those after the head; what is known already is left out", () => {
    const { mesh } = withOffer(made)

    const news = Result.getOrThrow(newStatements(made.membership, mesh.statements))

    assert.deepStrictEqual(news, mesh.statements.slice(made.statements.length))
  })

  it("are refused where a known number shows another statement", () => {
    const one = revocationOf(made, "bob", "bob")
    const other = statementBy(made, "ada", {
      kind: "member_revoke",
      body: one.kind === "member_revoke" ? one.body : { member: identityOf(made, "bob").memberId }
    })
    const after = withOffer(made).mesh.membership

    for (const forked of [one, other]) {
      const refusal = Result.getOrThrow(Result.flip(newStatements(after, [forked])))
      assert.strictEqual(refusal.code, "membership_fork")
      assert.include(refusal.message, `mesh ${id}, statement ${made.statements.length + 1}`)
    }
  })
})
