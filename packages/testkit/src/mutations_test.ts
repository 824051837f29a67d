import { assert, describe, it } from "@effect/vitest"
import { flipBase64Url, flipBit, mutatedJson, mutatedText, seededDraw } from "./mutations.ts"

describe("seededDraw", () => {
  it("draws the same numbers for the same seed, all below the bound", () => {
    const [one, other] = [seededDraw("draw"), seededDraw("draw")]
    const numbers = Array.from({ length: 3_000 }, () => one(7))

    assert.deepStrictEqual(numbers, Array.from({ length: 3_000 }, () => other(7)))
    assert.sameMembers([...new Set(numbers)], [0, 1, 2, 3, 4, 5, 6])
  })
})

describe("flipBit and flipBase64Url", () => {
  it("turn one bit, and back when applied twice", () => {
    const bytes = new Uint8Array([0, 255])

    assert.deepStrictEqual(flipBit(bytes, 9), new Uint8Array([0, 253]))
    assert.deepStrictEqual(flipBit(flipBit(bytes, 9), 9), bytes)
    assert.strictEqual(flipBase64Url("AAAA", 0), "AQAA")
  })
})

describe("mutatedJson", () => {
  it("changes a value nearly always, never in place, and in the same way for the same seed", () => {
    const value = { type: "ack", items: [1, { a: "b" }], none: null }
    const before = JSON.stringify(value)
    const [one, other] = [seededDraw("json"), seededDraw("json")]
    const changed = Array.from({ length: 500 }, () => JSON.stringify(mutatedJson(value, one)))

    assert.strictEqual(JSON.stringify(value), before)
    assert.isAbove(changed.filter((text) => text !== before).length, 400)
    assert.isAbove(new Set(changed).size, 60)
    const again = Array.from({ length: 500 }, () => JSON.stringify(mutatedJson(value, other)))
    assert.deepStrictEqual(again, changed)
  })
})

describe("mutatedText", () => {
  it("changes texts of any length", () => {
    const draw = seededDraw("text")
    const changed = ["", "a", "{\"a\":1}"].flatMap((text) =>
      Array.from({ length: 50 }, () => mutatedText(text, draw))
    )

    assert.isAbove(new Set(changed).size, 50)
  })
})
