import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import { capsIn } from "./caps.ts"

describe("capsIn", () => {
  it.each([
    ["dm,read", ["dm", "read"]],
    [" READ , dm,read", ["read", "dm"]],
    ["peers", ["peers"]],
    ["all", null]
  ])("reads \"%s\"", (typed, caps) => {
    assert.deepStrictEqual<unknown>(capsIn(typed), Result.succeed(caps))
  })

  it.each(["", "fly", "dm,", "dm read", "all,dm"])(
    "refuses \"%s\", and names those there are",
    (typed) => {
      const { code, message } = Result.getOrThrow(Result.flip(capsIn(typed)))

      assert.strictEqual(code, "usage")
      assert.strictEqual(
        message,
        `Cannot use "${typed}" as capabilities: write all, or some of dm, read, peers, daemon with commas`
      )
    }
  )
})
