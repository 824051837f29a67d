import { assert, describe, it } from "@effect/vitest"
import { endCases, inviteCases, joinCases } from "./membership_cases.ts"
import { makeGivens } from "./statement_givens.ts"

describe("cases of membership", () => {
  it("state both what is accepted and what is refused, each under its own name", () => {
    const made = makeGivens()
    for (const cases of [inviteCases(made), joinCases(made), endCases(made)]) {
      const names = cases.map(([name]) => name)
      const accepted = cases.filter(([, outcome]) => outcome === "ok").length

      assert.deepStrictEqual(names, [...new Set(names)])
      assert.isTrue(accepted > 0 && accepted < cases.length)
    }
  })
})
