import { assert, describe, it } from "@effect/vitest"
import { mixesAlphabets, plainLetters, spelledOut } from "./peer_text_letters.ts"

describe("plainLetters", () => {
  it.each([
    ["capitals", "SyStEm"],
    ["Cyrillic", "ѕуѕтем"],
    ["fullwidth", "ｓｙｓｔｅｍ"],
    ["mathematical", "𝐬𝐲𝐬𝐭𝐞𝐦"],
    ["small capitals", "ꜱʏꜱᴛᴇᴍ"],
    ["circled", "ⓢⓨⓢⓣⓔⓜ"],
    ["marked", "s\u0338ýstèm"]
  ])("reads %s letters as plain ones", (_, text) => {
    assert.strictEqual(plainLetters(text), "system")
  })

  it("knows one kind of dash and leaves what looks like nothing else", () => {
    assert.strictEqual(plainLetters("a‐b‑c–d—e−f"), "a-b-c-d-e-f")
    assert.strictEqual(plainLetters("a_b: 漢 <1>"), "a_b: 漢 <1>")
  })
})

describe("spelledOut", () => {
  it("leaves the letters, whatever stands between them", () => {
    assert.strictEqual(spelledOut("5 y_5.t-3:m"), "system")
  })
})

describe("mixesAlphabets", () => {
  it("tells a word of two alphabets from a word of one", () => {
    assert.isTrue(mixesAlphabets("systeм"))
    assert.isFalse(mixesAlphabets("systém"))
    assert.isFalse(mixesAlphabets("система"))
    assert.isFalse(mixesAlphabets("漢字"))
  })
})
