import { assert, describe, it } from "@effect/vitest"
import type { Json } from "../mutations.ts"
import { rawTexts } from "./hostile_values.ts"
import { mutatedTree, written } from "./mutated_tree.ts"
import { quickDraw } from "./quick_draw.ts"

const tree: Json = { type: "ack", items: [1, { a: "b" }], none: null }
const donor: Json = { type: "attach", deep: { down: ["donated"] } }

function textsOf(count: number) {
  const draw = quickDraw("tree", 0)
  return Array.from({ length: count }, () => written(mutatedTree(tree, { draw, donor })))
}

describe("mutatedTree", () => {
  const texts = textsOf(3_000)

  it("nearly always changes something, never in place, and in the same way again", () => {
    assert.strictEqual(
      JSON.stringify(tree),
      "{\"type\":\"ack\",\"items\":[1,{\"a\":\"b\"}],\"none\":null}"
    )
    assert.isAbove(texts.filter((text) => text !== JSON.stringify(tree)).length, 2_400)
    assert.isAbove(new Set(texts).size, 600)
    assert.deepStrictEqual(textsOf(3_000), texts)
  })

  it.each<readonly [string, (text: string) => boolean]>([
    ["removes a field", (text) => !text.includes("items")],
    ["takes from another value", (text) => text.includes("donated")],
    ["makes a text of a number", (text) => text.includes("[\"1\",")],
    ["makes an object of an array", (text) => text.includes("{\"0\":1")],
    ["doubles items", (text) => text.includes("[1,{\"a\":\"b\"},1")],
    ["floods an array", (text) => text.length > 50_000],
    ["nests deeper than any reader goes", (text) => text.includes("[".repeat(30_000))],
    ["puts a key in twice", (text) => text.includes("{\"a\":1,\"a\":2}")],
    ["writes what is no number", (text) => text.includes("NaN")],
    ["names a prototype", (text) => text.includes("\"__proto__\":")],
    ["swaps two fields", (text) => text.includes("\"type\":null")]
  ])("%s", (_, holds) => {
    assert.isTrue(texts.some(holds))
  })

  it("takes values without any field or item", () => {
    const draw = quickDraw("small", 0)
    const smalls: ReadonlyArray<Json> = [null, true, 0, "", [], {}]
    const results = smalls.flatMap((small) =>
      Array.from({ length: 200 }, () => written(mutatedTree(small, { draw, donor: small })))
    )
    assert.isAbove(new Set(results).size, 100)
  })
})

describe("written", () => {
  it("writes a value as JSON does, and in it what JSON cannot say", () => {
    assert.strictEqual(written({ a: ["\ud800", -0] }), "{\"a\":[\"\\ud800\",0]}")
    assert.strictEqual(
      written({ a: "@raw:0@", b: ["@raw:1@"] }),
      `{"a":${rawTexts[0]},"b":[${rawTexts[1]}]}`
    )
  })
})
