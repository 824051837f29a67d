import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { GROUPS_MAX, SessionGroups } from "./session_groups.ts"

const isGroups = Schema.is(SessionGroups)

function many(count: number) {
  return Array.from({ length: count }, (_, at) => ({ name: `g${at}` }))
}

describe("SessionGroups", () => {
  it("are names, each with or without a role", () => {
    assert.isTrue(isGroups([{ name: "frontend", role: "lead" }, { name: "all" }]))
    assert.isTrue(isGroups([]))
    assert.isTrue(isGroups(many(GROUPS_MAX)))
  })

  it.each([
    ["a name that is none", [{ name: "a b" }]],
    ["a role that is none", [{ name: "a", role: "" }]],
    ["one twice", [{ name: "a" }, { name: "a", role: "lead" }]],
    ["more than there may be", many(GROUPS_MAX + 1)]
  ])("are not %s", (_, groups) => {
    assert.isFalse(isGroups(groups))
  })
})
