import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { agentNamed, agents } from "./agents.ts"

describe("agents", () => {
  it("promise a push only where our plugin runs", () => {
    const pushed = agents.filter(({ carriers }) => carriers.push.includes("arrive"))

    assert.deepStrictEqual(pushed.map(({ id }) => id), ["claude"])
    assert.isTrue(pushed.every(({ hasPlugin }) => hasPlugin))
  })

  it.each(agents.map(({ id }) => id))("never let %s skip a permission", (id) => {
    const { args } = Result.getOrThrow(agentNamed(id))
    const groups = args?.({
      conversation: { type: "continued" },
      name: "api",
      systemPrompt: "Be brief",
      pluginFolder: "/plugin"
    })

    assert.notMatch(JSON.stringify(groups ?? []), /permission|dangerous|bypass|yolo|full-auto/)
  })
})

describe("agentNamed", () => {
  it("refuses an agent that it does not know, and names the nearest", () => {
    const { candidates, code } = Result.getOrThrow(Result.flip(agentNamed("cluade")))

    assert.deepStrictEqual({ candidates, code }, { candidates: ["claude"], code: "usage" })
  })
})
