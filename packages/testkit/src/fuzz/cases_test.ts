import { assert, describe, it } from "@effect/vitest"
import type { Json } from "../mutations.ts"
import { BLOCK_LENGTH, type Cases, jsonCases, mutatedJsonText, textCases } from "./cases.ts"
import { quickDraw } from "./quick_draw.ts"

function jsonOf(block: number): ReadonlyArray<Json> {
  return [{ type: "ack", block, upto: 7 }, { type: "ping", t: 1 }]
}

function firstOf(cases: Cases, count: number, from = 0) {
  return Array.from({ length: count }, (_, at) => cases(from + at))
}

describe("jsonCases", () => {
  it("makes any case again from its number alone", () => {
    const cases = jsonCases("a", jsonOf)
    const row = firstOf(cases, 500)

    assert.deepStrictEqual(firstOf(jsonCases("a", jsonOf), 100, 400), row.slice(400))
    assert.notDeepEqual(firstOf(jsonCases("b", jsonOf), 500), row)
    assert.isAbove(new Set(row).size, 250)
  })

  it("leaves some as they are", () => {
    const row = firstOf(jsonCases("a", jsonOf), 500)
    const whole = row.filter((text) => text === JSON.stringify(jsonOf(0)[0]))

    assert.isAbove(whole.length, 10)
    assert.isBelow(whole.length, 200)
  })

  it("makes new values for each block, each time once", () => {
    const made: Array<number> = []
    const cases = jsonCases("a", (block) => {
      made.push(block)
      return jsonOf(block)
    })
    firstOf(cases, 20, BLOCK_LENGTH - 10)

    assert.deepStrictEqual(made, [0, 1])
  })
})

describe("mutatedJsonText", () => {
  it("makes no text that is larger than any transport would hand over", () => {
    const floods = Array.from({ length: 50 }, () => Array(3_000).fill("a".repeat(30)))
    const draw = quickDraw("flood", 0)
    const lengths = Array.from({ length: 200 }, () => mutatedJsonText(floods, draw).length)

    assert.isAtMost(Math.max(...lengths), 2 * 131_072)
  })
})

describe("textCases", () => {
  it("changes texts, and leaves some as they are", () => {
    const row = firstOf(textCases("link", () => ["https://a/i/b#c.d"]), 500)

    assert.isAbove(new Set(row).size, 250)
    assert.isAbove(row.filter((text) => text === "https://a/i/b#c.d").length, 20)
    assert.isTrue(row.every((text) => text.length < 40_000))
  })
})
