import { assert, describe, it } from "@effect/vitest"
import { oddlyChanged } from "./odd_text.ts"
import { quickDraw } from "./quick_draw.ts"

function changedOf(text: string) {
  const draw = quickDraw("odd", 1)
  return Array.from({ length: 400 }, () => oddlyChanged(text, draw))
}

describe("oddlyChanged", () => {
  it("changes a text in many ways, and in the same ways again", () => {
    const changed = changedOf("d_dgljclfcijogp2pz3gabtdy6hm")

    assert.isAbove(new Set(changed).size, 150)
    assert.deepStrictEqual(changedOf("d_dgljclfcijogp2pz3gabtdy6hm"), changed)
    assert.isTrue(changed.some((text) => /[\u0400-\u04ff]/.test(text)), "letters of another script")
    assert.isTrue(changed.some((text) => !text.isWellFormed()), "lone surrogates")
  })

  it("takes an empty text", () => {
    assert.isAbove(new Set(changedOf("")).size, 10)
  })
})
