import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { capabilityTable } from "./capabilities.ts"
import { Capabilities, Capability } from "./vocabulary.ts"

describe("Capability", () => {
  it("has a row for each capability there is, and says what it lets an agent do", () => {
    assert.sameMembers([...Capability.literals], Object.keys(capabilityTable))
    for (const meaning of Object.values(capabilityTable)) assert.match(meaning, /^[a-z].+[a-z]$/)
  })
})

describe("Capabilities", () => {
  const isTaken = Schema.is(Capabilities)

  it("are one or more of those there are, each once", () => {
    assert.isTrue(isTaken(["read", "dm"]))
    for (const wrong of [[], ["fly"], ["all"], ["dm", "dm"]]) assert.isFalse(isTaken(wrong))
  })
})
