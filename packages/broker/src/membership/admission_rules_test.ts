import { limits, type Statement } from "@claudemesh/protocol"
import { appended, joinOf, MADE_AT, makeMember, makeMesh, withOffer } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { SAMPLE_AT, sampleMesh, sampleStatement } from "../store/testing/sample.ts"
import { checkRestoredTimes, checkTime, type Restored, unknownPart } from "./admission_rules.ts"

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

describe("checkRestoredTimes", () => {
  const now = MADE_AT + TEN_YEARS
  const { invite, mesh } = withOffer(makeMesh("restored", ["ada"]))
  const join = joinOf({ invite, mesh }, makeMember("dan", mesh.bytes))
  const joined = appended(mesh, join)

  /** Whether a log is taken whose last statement is this one, at a store of ten years later. */
  function isTaken(statement: Statement, options: Partial<Restored> = {}): boolean {
    const { membership: after } = joined
    const lost = { statements: [statement], after, before: MADE_AT, bornAt: 0, now, ...options }
    return Result.isSuccess(checkRestoredTimes(lost))
  }

  it("takes a join that is older than the store", () => {
    assert.isTrue(isTaken(join, { bornAt: MADE_AT }))
  })

  it("refuses a join by an expired invite that is younger than the store", () => {
    assert.isFalse(isTaken(join, { bornAt: MADE_AT - 1 }))
  })

  it("refuses a join that is dated back before the statement it follows", () => {
    assert.isFalse(isTaken(join, { bornAt: MADE_AT, before: MADE_AT + skew + 1 }))
  })

  it("takes a join of any time while its invite is open", () => {
    const open = withOffer(makeMesh("restored", ["ada"]), { expires: MADE_AT + skew + 2 })
    const early = joinOf(open, makeMember("dan", open.mesh.bytes))
    const after = appended(open.mesh, early).membership
    assert.isTrue(isTaken(early, { after, now: MADE_AT + skew + 1 }))
    assert.isFalse(isTaken(early, { after, now: MADE_AT + skew + 3 }))
  })

  it("takes every other statement of long ago", () => {
    for (const other of mesh.statements) assert.isTrue(isTaken(other))
  })

  it("takes nothing that is dated ahead", () => {
    for (const ahead of joined.statements) {
      assert.isFalse(isTaken({ ...ahead, at: now + skew + 1 }, { bornAt: now + TEN_YEARS }))
    }
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
