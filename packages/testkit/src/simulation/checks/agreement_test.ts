import { assert, describe, it } from "@effect/vitest"
import { GOOD, told, without } from "../testing/told.ts"
import { agreement } from "./agreement.ts"

describe("agreement", () => {
  it("finds nothing where a message came once, as it was", () => {
    assert.deepStrictEqual(agreement(GOOD), [])
  })

  it.each([
    ["G2", [...GOOD, told("inboxed", 9)]],
    ["G3", without("accepted")],
    ["G3", [told("inboxed", 0), told("accepted", 1)]],
    ["G3", [...without("inboxed"), told("inboxed", 3, { text: "hallo" })]],
    ["G3", [...without("inboxed"), told("inboxed", 3, { device: "c" })]]
  ])("finds what breaks %s", (guarantee, history) => {
    assert.deepStrictEqual(agreement(history).map((violation) => violation.guarantee), [guarantee])
  })

  it("lets an inbox take again what it forgot, and nothing older", () => {
    const again = told("inboxed", 9)
    assert.deepStrictEqual(agreement([...GOOD, told("forgot", 8, { since: 2 }), again]), [])
    assert.lengthOf(agreement([...GOOD, told("forgot", 8, { since: 7 }), again]), 1)
  })

  it("lets a sender who forgot say something else under the same id", () => {
    const other = { id: "1", text: "other words" }
    const history = [told("accepted", 1), told("accepted", 5, other), told("inboxed", 6, other)]
    assert.deepStrictEqual(agreement(history), [])
  })
})
