import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { groupsIn } from "./groups.ts"

describe("groupsIn", () => {
  it.each([
    ["frontend:lead,all", [{ name: "frontend", role: "lead" }, { name: "all" }]],
    [" Frontend : lead , all ", [{ name: "frontend", role: "lead" }, { name: "all" }]],
    ["", []],
    ["  ", []]
  ])("reads \"%s\"", (typed, groups) => {
    assert.deepStrictEqual<unknown>(groupsIn(typed), Result.succeed(groups))
  })

  it.each([
    ["a b", "\"a b\" is no group"],
    ["a,,b", "\"\" is no group"],
    ["a:", "\"a:\" is no group"],
    [":lead", "\":lead\" is no group"],
    ["a:b:c", "\"a:b:c\" is no group"],
    ["a,a:lead", "\"a\" is there twice"],
    [Array.from({ length: 17 }, (_, at) => `g${at}`).join(","), "there are more than 16"]
  ])("refuses \"%s\", and says how they are written", (typed, why) => {
    const refusal = Result.getOrThrow(Result.flip(groupsIn(typed)))

    assert.strictEqual(refusal.code, "usage")
    assert.include(refusal.message, why)
    assert.include(refusal.message, "write them as \"name,name:role\"")
  })
})
