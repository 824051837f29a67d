import { assert, describe, it } from "@effect/vitest"
import { foldOutcome, joinOf } from "../made_mesh.ts"
import { after, makeGivens } from "./statement_givens.ts"

describe("makeGivens", () => {
  it("makes an invite that the one who stands outside can use", () => {
    const { eve, offered } = makeGivens()

    assert.strictEqual(foldOutcome(offered.mesh, joinOf(offered, eve)), "ok")
  })

  it("makes the same logs each time", () => {
    assert.deepStrictEqual(makeGivens().left.statements, makeGivens().left.statements)
  })
})

describe("after", () => {
  it("keeps the order of what is appended", () => {
    const { statements } = makeGivens().home

    assert.deepStrictEqual(after("home", ...statements), { log: "home", append: statements })
  })
})
