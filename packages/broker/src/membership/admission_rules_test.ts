import { limits } from "@claudemesh/protocol"
import { MADE_AT, makeMesh } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { SAMPLE_AT, sampleMesh, sampleStatement } from "../store/testing/sample.ts"
import { checkRestoredTime, checkTime, unknownPart } from "./admission_rules.ts"

const statement = sampleStatement(sampleMesh("m"), 2) // made at SAMPLE_AT
const skew = limits.statementSkewMillisMax
const TEN_YEARS = 315_360_000_000

describe("checkTime", () => {
  it("takes a statement from near the broker's clock", () => {
    assert.isTrue(Result.isSuccess(checkTime(statement, SAMPLE_AT + skew)))
    assert.isTrue(Result.isSuccess(checkTime(statement, SAMPLE_AT - skew)))
  })

  it("refuses one from ten years away, and says what time it is", () => {
    const { code, message } = Result.getOrThrow(
      Result.flip(checkTime(statement, SAMPLE_AT + TEN_YEARS))
    )
    assert.strictEqual(code, "bad_statement")
    assert.include(message, "2026-01-01T00:00:00.000Z")
    assert.include(message, "2035-12-30T00:00:00.000Z")
  })

  it("says so even of a time that no calendar has", () => {
    const never = { ...statement, at: Number.MAX_SAFE_INTEGER }
    assert.isTrue(Result.isFailure(checkTime(never, SAMPLE_AT)))
  })
})

describe("checkRestoredTime", () => {
  const now = SAMPLE_AT + TEN_YEARS

  it("takes what is older than the store", () => {
    const checked = checkRestoredTime(statement, { bornAt: SAMPLE_AT, before: SAMPLE_AT, now })
    assert.isTrue(Result.isSuccess(checked))
  })

  it("refuses what is younger than the store and far from the clock", () => {
    const checked = checkRestoredTime(statement, { bornAt: SAMPLE_AT - 1, before: 0, now })
    assert.isTrue(Result.isFailure(checked))
  })

  it("refuses what is dated back before the statement it follows", () => {
    const before = SAMPLE_AT + skew + 1
    const checked = checkRestoredTime(statement, { bornAt: SAMPLE_AT, before, now })
    assert.isTrue(Result.isFailure(checked))
  })
})

describe("unknownPart", () => {
  const mesh = makeMesh("known", ["ada", "bob"])
  const [genesis] = mesh.statements

  it("is what follows the head", () => {
    const stored = makeMesh("known", ["ada"])
    const part = Result.getOrThrow(unknownPart(mesh.statements, stored.membership))
    assert.deepStrictEqual(part, mesh.statements.slice(1))
    assert.lengthOf(Result.getOrThrow(unknownPart(mesh.statements, mesh.membership)), 0)
  })

  it("is a fork if the known part is another one", () => {
    const forked = mesh.statements.map((one) => one === genesis ? { ...one, at: MADE_AT + 1 } : one)
    const { code } = Result.getOrThrow(Result.flip(unknownPart(forked, mesh.membership)))
    assert.strictEqual(code, "membership_fork")
  })
})
