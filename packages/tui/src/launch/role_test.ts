import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { roleIn } from "./role.ts"

describe("roleIn", () => {
  it.each([["Reviewer ", "reviewer"], ["", null], ["  ", null]])("reads \"%s\"", (typed, role) => {
    assert.deepStrictEqual(roleIn(typed), Result.succeed(role))
  })

  it("refuses what is no word, and quotes it", () => {
    const refusal = Result.getOrThrow(Result.flip(roleIn("two words")))

    assert.strictEqual(refusal.code, "bad_name")
    assert.strictEqual(refusal.message, "Cannot use \"two words\" as a role")
  })
})
