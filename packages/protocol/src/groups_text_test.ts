import { assert, describe, it } from "@effect/vitest"
import { groupsText, readGroups } from "./groups_text.ts"

describe("readGroups", () => {
  it.each([
    ["frontend:lead,all", [{ name: "frontend", role: "lead" }, { name: "all" }]],
    [" Frontend : Lead , all ", [{ name: "frontend", role: "lead" }, { name: "all" }]],
    ["", []],
    ["  ", []],
    ["a,,b:", [{ name: "a" }, { name: "" }, { name: "b", role: "" }]],
    ["a:b:c", [{ name: "a", role: "b:c" }]]
  ])("reads \"%s\", and leaves it to others whether those are groups", (text, groups) => {
    assert.deepStrictEqual(readGroups(text), groups)
  })
})

describe("groupsText", () => {
  it("is read back as the same", () => {
    const groups = [{ name: "frontend", role: "lead" }, { name: "all" }]

    assert.strictEqual(groupsText(groups), "frontend:lead,all")
    assert.deepStrictEqual(readGroups(groupsText(groups)), groups)
    assert.strictEqual(groupsText([]), "")
  })
})
