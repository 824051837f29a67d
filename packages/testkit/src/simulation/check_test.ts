import { assert, describe, it } from "@effect/vitest"
import { check } from "./check.ts"
import { GOOD, told, without } from "./testing/told.ts"

describe("check", () => {
  it("finds nothing in a good history", () => {
    assert.deepStrictEqual(check(GOOD), [])
  })

  it("finds whatever is wrong, the earliest first", () => {
    const history = [...without("inboxed"), told("admitted", 7), told("ended", 9)]
    const found = check(history)
    assert.includeMembers(found.map(({ guarantee }) => guarantee), ["G1", "G5", "G6"])
    assert.deepStrictEqual(found, found.toSorted((one, other) => one.at - other.at))
  })
})
