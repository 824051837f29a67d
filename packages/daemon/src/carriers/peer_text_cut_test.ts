import { assert, describe, it } from "@effect/vitest"
import { cutLine, cutToBytes } from "./peer_text_cut.ts"

describe("cutToBytes", () => {
  it("leaves what fits", () => {
    assert.deepStrictEqual(cutToBytes("äb", 3), { text: "äb", isCut: false })
  })

  it.each(
    [
      ["letters", "abcd", 3, "abc"],
      ["a letter of two bytes", "aä", 2, "a"],
      ["a surrogate pair", "a😀", 4, "a"],
      ["a letter and its mark", "abe\u0301", 3, "ab"],
      ["a family", "ab👨‍👩‍👧", 19, "ab"],
      ["a flag", "ab🇩🇪", 6, "ab"],
      ["carriage return and line feed", "a\r\n", 2, "a"],
      ["everything", "abc", 0, ""]
    ] as const
  )("cuts before %s", (...[, text, bytesMax, left]) => {
    assert.deepStrictEqual(cutToBytes(text, bytesMax), { text: left, isCut: true })
  })

  it("cuts a cluster that is longer than any real one between code points", () => {
    const { text } = cutToBytes(`a${"\u0301".repeat(9_000)}`, 8_192)
    assert.strictEqual(text, `a${"\u0301".repeat(4_095)}`)
    assert.isTrue(cutToBytes("👩\u200d".repeat(900), 1_000).text.isWellFormed())
  })
})

describe("cutLine", () => {
  it("leaves what fits and ends what it cuts in an ellipsis", () => {
    assert.strictEqual(cutLine("abcd", 4), "abcd")
    assert.strictEqual(cutLine("abcde", 4), "abc…")
    assert.strictEqual(cutLine("ab cde", 4), "ab…")
    assert.strictEqual(cutLine("ab😀😀", 4), "ab…")
  })
})
