import { assert, describe, it } from "@effect/vitest"
import { seenLine, seenText } from "./peer_text_seen.ts"

const CODES =
  "ad 34f 61c 115f 180e 200b 200c 200d 200e 200f 202a 202b 202c 202d 202e 2060 2066 2067 2068 2069 206f " +
  "3164 feff fff9 fffb ffff fe00 fe0f 1d173 e0001 e0041 e0100 0 7 8 1b 7f 80 9b 9f"

describe("seenText", () => {
  it.each(CODES.split(" "))("takes out U+%s and counts it", (code) => {
    const character = String.fromCodePoint(Number.parseInt(code, 16))
    assert.deepStrictEqual(seenText(`a${character}`), { text: "a", removed: 1 })
  })

  it.each(
    [
      ["colour", "\x1b[31mred\x1b[0m", "red", 2],
      ["colour in 8 bits", "\x9b31mred", "red", 1],
      ["the clipboard", "\x1b]52;c;aGk=\x1b\\x", "x", 1],
      ["a link", "\x1b]8;;https://evil.example\x07click\x1b]8;;\x07", "click", 2],
      ["a title in 8 bits", "\x9d0;title\x9cx", "x", 1],
      ["a device string", "\x1bP1$r0m\x1b\\x", "x", 1],
      ["a reset", "\x1bcx", "x", 1],
      ["what another sequence hid", "\x1b\x1b[0m[31mred", "[31mred", 2],
      ["the start of a string that is never closed", "\x1b]0;text", "]0;text", 1]
    ] as const
  )("takes out %s", (...[, raw, text, removed]) => {
    assert.deepStrictEqual(seenText(raw), { text, removed })
  })

  it.each(["\r\n", "\r", "\v", "\f", "\u0085", "\u2028", "\u2029"])(
    "makes a line feed of what begins a line, %j",
    (character) => {
      assert.deepStrictEqual(seenText(`a${character}b`), { text: "a\nb", removed: 0 })
    }
  )

  it("keeps tabs, letters of all scripts and whole emoji", () => {
    const text = "a\tb\nÄ Ω я 漢 עברית 👩‍💻 ❤️ 👍🏽 1️⃣"
    assert.deepStrictEqual(seenText(text), { text, removed: 0 })
  })

  it("keeps one selector behind an emoji and no hidden bytes", () => {
    assert.deepStrictEqual(seenText("❤️\ufe0f\u{e0172}\u{e0173}"), { text: "❤️", removed: 3 })
    assert.deepStrictEqual(seenText("a\u200d\u200d👩\u200d"), { text: "a👩", removed: 3 })
  })

  it("shows halves of a pair as replaced", () => {
    assert.deepStrictEqual(seenText("a\ud83d\ude00\ude00"), { text: "a😀\ufffd", removed: 0 })
  })

  it.each([
    ["open strings", "\x1b]\x1b[1;\u202e"],
    ["open strings in 8 bits", "\x90"],
    ["titles in 8 bits", "\x9d0;"],
    ["carriage returns", "\r"],
    ["joiners", "👩\u200d"],
    ["selectors", "\ufe0f"]
  ])("reads a megabyte of %s in linear time", (_, piece) => {
    assert.isAtMost(seenText(piece.repeat(1_000_000 / piece.length)).text.length, 1_000_000)
  }, 5_000)
})

describe("seenLine", () => {
  it("makes one line of many, without white space around it", () => {
    assert.strictEqual(seenLine(" a\r\nb\tc\u2028\u00a0 d\n"), "a b c d")
  })
})
