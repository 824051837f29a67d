import { messageIdOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { CallContent, isCallMethod } from "./calls.ts"

const decode = Schema.decodeUnknownResult(CallContent)
const id = messageIdOf(1)

describe("CallContent", () => {
  it.each([
    ["a call", `{"method":"ping"}`, { method: "ping" }],
    ["a call of a later version", `{"method":"look_around","at":1}`, { method: "look_around" }],
    ["an answer", `{"answers":"${id}"}`, { answers: id }]
  ])("reads %s", (_, text, content) => {
    assert.deepStrictEqual<unknown>(decode(text), Result.succeed(content))
  })

  it.each([
    ["no JSON", "ping"],
    ["neither call nor answer", "{}"],
    ["a method that is no word", `{"method":"rm -rf"}`],
    ["an answer to nothing", `{"answers":"1"}`]
  ])("refuses %s", (_, text) => {
    assert.isTrue(Result.isFailure(decode(text)))
  })
})

describe("isCallMethod", () => {
  it("knows what this version can answer", () => {
    assert.isTrue(isCallMethod("ping"))
    assert.isFalse(isCallMethod("look_around"))
  })
})
