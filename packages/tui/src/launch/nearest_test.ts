import { assert, describe, it } from "@effect/vitest"
import { nearest } from "./nearest.ts"

describe("nearest", () => {
  const words = ["claude", "codex", "gemini", "opencode"]

  it.each([
    ["cluade", ["claude"]],
    ["Codx", ["codex"]],
    ["gemni", ["gemini"]],
    ["clod", ["claude", "codex"]]
  ])("finds what was meant by %s, the nearest first", (typed, found) => {
    assert.deepStrictEqual(nearest(typed, words), found)
  })

  it("names them all where none is near", () => {
    assert.deepStrictEqual(nearest("something-else", words), words)
  })
})
