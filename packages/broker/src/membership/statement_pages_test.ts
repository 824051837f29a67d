import { limits } from "@claudemesh/protocol"
import { makeMesh } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { sampleMesh, sampleStatement } from "../store/testing/sample.ts"
import { statementPages } from "./statement_pages.ts"

describe("statementPages", () => {
  it("cuts by number", () => {
    const statements = Array.from(
      { length: 40 },
      (_, at) => sampleStatement(sampleMesh("m"), at + 1)
    )
    const pages = statementPages(statements)
    assert.deepStrictEqual(pages.map(({ length }) => length), [16, 16, 8])
    assert.deepStrictEqual(pages.flat(), statements)
  })

  it("cuts by bytes, so that a page fits a frame", () => {
    const [genesis] = makeMesh("pages", ["ada"]).statements
    if (genesis === undefined || genesis.kind !== "genesis") throw new Error("no genesis")
    const device = { ...genesis.body.device, identity: "A".repeat(7_000) }
    const large = { ...genesis, body: { ...genesis.body, device } }
    const pages = statementPages(Array.from({ length: 16 }, () => large))
    assert.isAbove(pages.length, 1)
    for (const page of pages) assert.isBelow(JSON.stringify(page).length, limits.frameBytesMax)
  })

  it("makes no page of nothing", () => {
    assert.lengthOf(statementPages([]), 0)
  })
})
