import { assert, describe, it } from "@effect/vitest"
import { GOOD, told } from "../testing/told.ts"
import { bounds } from "./bounds.ts"

describe("bounds", () => {
  it("finds nothing where little waited", () => {
    assert.deepStrictEqual(bounds(GOOD), [])
  })

  it("finds a buffer that grew and grew", () => {
    assert.lengthOf(bounds([told("ended", 1, { bufferedBytesMax: 9_000_000 })]), 1)
  })
})
