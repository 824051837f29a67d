import { assert, describe, it } from "@effect/vitest"
import { told } from "../testing/told.ts"
import { numbering } from "./numbering.ts"

function placed(...numbers: ReadonlyArray<number>) {
  return numbers.map((seq, at) => told("placed", at, { seq }))
}

describe("numbering", () => {
  it("finds nothing in numbers without gaps, of each mailbox on its own", () => {
    const other = told("placed", 9, { device: "c", seq: 1 })
    assert.deepStrictEqual(numbering([...placed(1, 2, 3), other]), [])
  })

  it.each([[[1, 3]], [[1, 1]], [[2, 1]]])("finds the fault in %j", (numbers) => {
    assert.deepStrictEqual(numbering(placed(...numbers)).map(({ guarantee }) => guarantee), ["G4"])
  })

  it("lets a store that lost something count anew, and no other", () => {
    const [first, again] = [placed(1, 2), placed(1)]
    assert.deepStrictEqual(numbering([...first, told("store_lost", 5), ...again]), [])
    const other = told("store_lost", 5, { broker: "broker 1" })
    assert.lengthOf(numbering([...first, other, ...again]), 1)
  })
})
