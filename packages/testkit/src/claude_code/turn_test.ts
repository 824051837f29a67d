import { assert, describe, it } from "@effect/vitest"
import { call, say } from "./turn.ts"

describe("Turn", () => {
  it("joins what is said with what is called, in that order", () => {
    assert.deepStrictEqual([...say("Let me look"), ...call("Read", { file_path: "a" })], [
      { say: "Let me look" },
      { call: "Read", input: { file_path: "a" } }
    ])
  })
})
