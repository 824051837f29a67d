import { assert, describe, it } from "@effect/vitest"
import { ESCAPE_SEQUENCES, gluedIn, UNSEEN } from "./unseen.ts"

describe("ESCAPE_SEQUENCES", () => {
  it.each([
    ["a colour", "a\x1b[31mb"],
    ["a title", "a\x1b]0;title\x07b"],
    ["a link that is closed by ST", "a\x1b]8;;http://x\x1b\\b"],
    ["the same in 8 bits", "a\x9d8;;http://x\x9cb"],
    ["a device control string", "a\x90q#0\x9cb"],
    ["a change of character set", "a\x1b(Bb"]
  ])("covers %s", (_, text) => {
    assert.strictEqual(text.replace(ESCAPE_SEQUENCES, ""), "ab")
  })

  it("leaves what is not closed, and is done with a text of beginnings at once", () => {
    const openings = "\x90\x9d0;".repeat(100_000)

    assert.strictEqual(openings.replace(ESCAPE_SEQUENCES, ""), openings)
  })
})

describe("UNSEEN", () => {
  it.each([
    ["a control character", "\x07"],
    ["a direction", "\u202e"],
    ["a zero width", "\u200b"],
    ["a letter of a tag", "\u{e0041}"],
    ["a selector", "\ufe0f"],
    ["half of a pair", "\ud800"],
    ["a line separator", "\u2028"],
    ["no character", "\ufdd0"],
    ["the blank of Braille", "\u2800"]
  ])("covers %s", (_, text) => {
    assert.strictEqual(text.replace(UNSEEN, ""), "")
  })

  it("leaves letters, marks, spaces and emoji", () => {
    const text = "Ünïcødé 日本 e\u0301 \u00a0 👍🏽"

    assert.strictEqual(text.replace(UNSEEN, ""), text)
  })
})

describe("gluedIn", () => {
  it("knows what holds an emoji together, and nothing else", () => {
    assert.deepStrictEqual([...gluedIn("👩\u200d👩 a\u200db ❤\ufe0f")], [2, 11])
  })
})
