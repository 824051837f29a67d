import { assert, describe, it } from "@effect/vitest"
import { messageOf, streamOf } from "./answer.ts"
import { call, say } from "./turn.ts"

const turn = [...say("Looking"), ...call("Read", { file_path: "a" })]

describe("messageOf", () => {
  it("stops for its tools where it calls any", () => {
    const message = messageOf({ turn, model: "m", number: 3 })

    assert.strictEqual(message["stop_reason"], "tool_use")
    assert.deepStrictEqual(message["content"], [
      { type: "text", text: "Looking" },
      { type: "tool_use", id: "toolu_scripted_3_1", name: "Read", input: { file_path: "a" } }
    ])
  })

  it("ends the turn where it only says something", () => {
    const message = messageOf({ turn: say("Done"), model: "m", number: 0 })
    assert.strictEqual(message["stop_reason"], "end_turn")
  })
})

describe("streamOf", () => {
  it("opens, fills and closes each block between the beginning and the end of the message", () => {
    const events = streamOf({ turn, model: "m", number: 0 }).match(/(?<=event: )\w+/g)

    const block = ["content_block_start", "content_block_delta", "content_block_stop"]
    const ends = ["message_delta", "message_stop"]
    assert.deepStrictEqual(events, ["message_start", ...block, ...block, ...ends])
  })

  it("gives a tool its input in the delta, as text of JSON", () => {
    const stream = streamOf({ turn, model: "m", number: 0 })
    assert.include(stream, `"partial_json":"{\\"file_path\\":\\"a\\"}"`)
  })
})
