import { assert, describe, it } from "@effect/vitest"
import { shrunk } from "./shrunk.ts"

describe("shrunk", () => {
  it("leaves of a text what it fails for", () => {
    const text = `{"a":[${"1,".repeat(400)}-0],"b":"${"x".repeat(900)}","c":true}`

    assert.strictEqual(shrunk(text, (less) => less.includes("-0")), "-0")
    assert.strictEqual(shrunk(text, (less) => /\[.*-0.*\]/.test(less)), "[-0]")
  })

  it("leaves a text alone of which everything matters", () => {
    assert.strictEqual(shrunk("abc", (less) => less === "abc"), "abc")
    assert.strictEqual(shrunk("", () => true), "")
  })

  it("comes to an end with a text that fails for no reason to be found", () => {
    let tries = 0
    const text = "x".repeat(60_000)
    shrunk(text, (less) => {
      tries++
      return less === text
    })
    assert.isBelow(tries, 20_001)
  })
})
