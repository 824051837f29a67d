import { assert, describe, it } from "@effect/vitest"
import { GOOD, told, without } from "../testing/told.ts"
import { truth } from "./truth.ts"

describe("truth", () => {
  it("finds nothing where all is as it is shown", () => {
    assert.deepStrictEqual(truth(GOOD), [])
  })

  it.each(["admitted", "inboxed"] as const)("finds what is shown %s and is not", (type) => {
    assert.deepStrictEqual(truth(without(type)).map(({ guarantee }) => guarantee), ["G5"])
  })

  it("finds what is shown too early", () => {
    assert.lengthOf(truth([told("accepted", 1), told("shown", 2), told("inboxed", 3)]), 1)
  })

  it("takes whatever comes after the inbox for a proof of it", () => {
    assert.lengthOf(truth([told("accepted", 1), told("shown", 2, { state: "answered" })]), 1)
  })
})
