import { assert, describe, it } from "@effect/vitest"
import { type ApiRequest, readRequest, type RequestKind } from "./api_request.ts"
import { makeScriptPlayer } from "./script.ts"
import { say } from "./turn.ts"

function requestOf(kind: RequestKind, number = 0): ApiRequest {
  const head = { method: "POST", path: "/v1/messages", headers: {}, text: "" }
  return { ...readRequest(head), kind, number, arrivedMillis: 0 }
}

describe("ScriptPlayer", () => {
  it("uses up each conversation's turns for itself", () => {
    const scripts = { main: [say("a"), say("b")], subagents: [say("s")] }
    const { turnFor } = makeScriptPlayer(scripts)
    const kinds = ["main", "side", "subagent", "main"] as const

    const turns = kinds.map((kind) => turnFor(requestOf(kind)))
    assert.deepStrictEqual(turns.toSpliced(1, 1), [say("a"), say("s"), say("b")])
  })

  it("asks a function each time, until turns are added", () => {
    const { add, turnFor } = makeScriptPlayer({ main: ({ number }) => say(`asked ${number}`) })

    assert.deepStrictEqual(turnFor(requestOf("main", 7)), say("asked 7"))
    add("main", [say("added")])
    assert.deepStrictEqual(turnFor(requestOf("main", 8)), say("added"))
  })

  it("says that a script is over", () => {
    const { turnFor } = makeScriptPlayer({})
    const over = say("The script is over: there is no turn for main request 4")
    assert.deepStrictEqual(turnFor(requestOf("main", 4)), over)
  })
})
