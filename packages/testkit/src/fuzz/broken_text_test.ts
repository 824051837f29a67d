import { assert, describe, it } from "@effect/vitest"
import { brokenText } from "./broken_text.ts"
import { quickDraw } from "./quick_draw.ts"

const text = "{\"type\":\"ack\",\"items\":[1,{\"a\":\"b\"}],\"upto\":42}"
const other = "{\"type\":\"ping\",\"t\":77777}"

function brokenOf(count: number) {
  const draw = quickDraw("broken", 0)
  return Array.from({ length: count }, () => brokenText(text, { draw, other }))
}

describe("brokenText", () => {
  const broken = brokenOf(2_000)

  it("breaks a text in the same ways again", () => {
    assert.isAbove(new Set(broken).size, 800)
    assert.deepStrictEqual(brokenOf(2_000), broken)
  })

  it.each<readonly [string, (found: string) => boolean]>([
    ["cuts it off", (found) => found.length > 3 && text.startsWith(found) && found !== text],
    ["goes on with another", (found) => found.startsWith("{\"type\":\"a") && found.endsWith("77}")],
    ["says a key twice", (found) => found.includes("{\"type\":null,\"type\":")],
    ["says another kind of number", (found) => found.includes("\"upto\":1e999")],
    ["escapes a character", (found) => found.includes("\\u0061")],
    ["begins with a byte order mark", (found) => found.startsWith("\ufeff{")],
    ["says it twice", (found) => found === text + text],
    ["is no JSON at all", (found) => !found.includes("type")]
  ])("%s", (_, holds) => {
    assert.isTrue(broken.some(holds))
  })

  it("takes an empty text", () => {
    const draw = quickDraw("empty", 0)
    for (let round = 0; round < 500; round++) brokenText("", { draw, other: "" })
  })
})
