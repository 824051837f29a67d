import { assert, describe, it } from "@effect/vitest"
import { readRequest, resultTexts } from "./api_request.ts"

const tools = [{ name: "Bash", input_schema: {} }]
const messages = [{ role: "user", content: "hello" }]

function kindOf(body: object, headers: Readonly<Record<string, string>> = {}) {
  const text = JSON.stringify({ model: "m", messages, ...body })
  return readRequest({ method: "POST", path: "/v1/messages", headers, text }).kind
}

describe("readRequest", () => {
  it("takes what brings tools for the main conversation", () => {
    assert.strictEqual(kindOf({ tools }), "main")
  })

  it("takes what brings none for something on the side", () => {
    assert.strictEqual(kindOf({}), "side")
    assert.strictEqual(kindOf({ tools: [] }), "side")
  })

  it("knows a sub-agent by its header, and by the mark in its system prompt", () => {
    const system = [{ type: "text", text: "x-anthropic-billing-header: cc_is_subagent=true;" }]

    assert.strictEqual(kindOf({ tools }, { "x-claude-code-agent-id": "a1" }), "subagent")
    assert.strictEqual(kindOf({ tools, system }), "subagent")
  })

  it("takes all else for no request for a message", () => {
    const head = { method: "HEAD", path: "/", headers: {}, text: "" }
    assert.deepInclude(readRequest(head), { kind: "other", json: undefined, body: undefined })
  })
})

describe("resultTexts", () => {
  it("finds the text of what a tool answered, in any form", () => {
    const blocks = [{ type: "text", text: "a" }, { type: "image" }, { type: "text", text: "b" }]

    assert.deepStrictEqual(resultTexts("a"), ["a"])
    assert.deepStrictEqual(resultTexts(blocks), ["a", "b"])
    assert.deepStrictEqual(resultTexts(undefined), [])
  })
})
