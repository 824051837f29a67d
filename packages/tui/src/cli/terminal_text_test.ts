import { assert, describe, it } from "@effect/vitest"
import { cut, quoted, safeJson, safeLine, safeText } from "./terminal_text.ts"

const CONTROLS = [
  ...Array(0x20).keys(),
  0x7f,
  ...Array.from({ length: 0x20 }, (_, at) => 0x80 + at)
]
const UNSEEN = [
  "ad 34f 61c 115f 180e 200b 200c 200d 200e 200f 2028 2029 202a 202b 202c 202d 202e 2060 2066",
  "2067 2068 2069 206f 3164 feff fff9 fffb e0001 e0041 e0100"
].flatMap((codes) => codes.split(" ")).map((code) => Number.parseInt(code, 16))

describe("safeText", () => {
  it.each(CONTROLS.filter((code) => code !== 10 && code !== 9))(
    "shows the control %i by name",
    (code) => {
      const text = safeText(`a${String.fromCodePoint(code)}`)
      // oxlint-disable-next-line no-control-regex -- it is what must be gone
      assert.notMatch(text, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
      assert.match(text, /^a(?:[␀-␟]|<U\+00[0-9A-F]{2}>)$/)
    }
  )

  it.each(UNSEEN)("shows the unseen character %i by name", (code) => {
    const name = code.toString(16).toUpperCase().padStart(4, "0")
    assert.strictEqual(safeText(`a${String.fromCodePoint(code)}b`), `a<U+${name}>b`)
  })

  it.each([
    ["colour", "\x1b[31mred\x1b[0m", "red"],
    ["colour in 8 bits", "\x9b31mred", "red"],
    ["clear and home", "\x1b[2J\x1b[Hgone", "gone"],
    ["alternate screen", "\x1b[?1049hx\x1b[?1049l", "x"],
    ["a link", "\x1b]8;;https://evil.example\x07click\x1b]8;;\x07", "click"],
    ["the clipboard", "\x1b]52;c;aGk=\x1b\\x", "x"],
    ["a title in 8 bits", "\x9d0;title\x9cx", "x"],
    ["a device string", "\x1bP1$r0m\x1b\\x", "x"],
    ["a reset", "\x1bcx", "x"],
    ["a character set", "\x1b(0lqk", "lqk"]
  ])("takes out %s", (_, text, left) => {
    assert.strictEqual(safeText(text), left)
  })

  it("leaves no sequence behind that another one hid", () => {
    assert.strictEqual(safeText("\x1b\x1b[0m[31mred"), "␛[31mred")
    assert.strictEqual(safeText("\x1b]0;never closed"), "␛]0;never closed")
  })

  it("keeps lines, tabs, letters of all scripts and emoji", () => {
    const text = "a\tb\nÄ Ω я 漢 עברית 👩‍💻 ❤️ 👍🏽"
    assert.strictEqual(safeText(text), text)
    assert.strictEqual(safeText("a\r\nb\rc"), "a\nb␍c")
  })

  it("reads a megabyte of trouble in linear time", () => {
    const text = "\x1b]\x1b[1;\u202e".repeat(150_000)
    assert.isAbove(safeText(text).length, text.length)
    assert.lengthOf(safeText("x".repeat(1_000_000)), 1_000_000)
    assert.lengthOf(safeText(`\x1b[${"1".repeat(1_000_000)}`), 1_000_002)
  })
})

describe("safeLine", () => {
  it("is one line without columns", () => {
    assert.strictEqual(safeLine("a\n\tb\x1b[2Kc"), "a bc")
  })
})

describe("quoted", () => {
  it("marks every line, whatever the text pretends", () => {
    assert.strictEqual(quoted("hi\n--- end ---\n$ rm -rf"), "  | hi\n  | --- end ---\n  | $ rm -rf")
  })
})

describe("cut", () => {
  it("cuts between characters", () => {
    assert.deepStrictEqual(cut("aé", 2), { text: "a", cut: true })
    assert.deepStrictEqual(cut("aé", 3), { text: "aé", cut: false })
  })
})

describe("safeJson", () => {
  it("reads back the same and carries nothing unseen", () => {
    const value = { text: "a\x9b31m\u202e\u2028\u{e0041}\x7f\ud800 é 漢" }
    const json = safeJson(JSON.stringify(value, null, 2))
    assert.deepStrictEqual(JSON.parse(json), value)
    assert.notMatch(json, /[\u007f-\u009f\u2028\u202e]/)
  })
})
