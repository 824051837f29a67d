import { assert, describe, it } from "@effect/vitest"
import { edgeNumbers, oddKeys, oddTexts, oddValues, rawTexts } from "./hostile_values.ts"

describe("hostile values", () => {
  it("are each there once", () => {
    for (const list of [edgeNumbers, oddKeys, oddTexts, rawTexts]) {
      assert.lengthOf(
        new Set(list.map((value) => Object.is(value, -0) ? "-0" : value)),
        list.length
      )
    }
    assert.includeMembers([...oddValues], [...edgeNumbers, ...oddTexts])
  })

  it("have what only a text can say, and what no text may", () => {
    assert.isTrue(rawTexts.some((text) => !isJson(text)))
    assert.isTrue(
      rawTexts.some((text) => isJson(text) && text !== JSON.stringify(JSON.parse(text)))
    )
    assert.isTrue(rawTexts.every((text) => text.length < 65_536))
  })
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
