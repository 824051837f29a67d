import { assert, describe, it } from "@effect/vitest"
import { told } from "../testing/told.ts"
import { order } from "./order.ts"

const accepted = [told("accepted", 1, { id: "1" }), told("accepted", 2, { id: "2" })]
const overtaken = [...accepted, told("inboxed", 3, { id: "2" }), told("inboxed", 4, { id: "1" })]

describe("order", () => {
  it("finds nothing where messages come as they were accepted, or some do not come", () => {
    const inboxed = [told("inboxed", 3, { id: "1" }), told("inboxed", 4, { id: "2" })]
    assert.deepStrictEqual(order([...accepted, ...inboxed]), [])
    assert.deepStrictEqual(order([...accepted, ...inboxed.slice(1)]), [])
  })

  it("finds a message that was overtaken", () => {
    assert.deepStrictEqual(order(overtaken).map(({ guarantee }) => guarantee), ["G4"])
  })

  it("looks at each recipient on its own", () => {
    const elsewhere = [
      told("inboxed", 3, { id: "2" }),
      told("inboxed", 4, { id: "1", device: "c" })
    ]
    assert.deepStrictEqual(order([...accepted, ...elsewhere]), [])
  })

  it("lets an inbox that forgot begin again", () => {
    const inboxed = [1, 2].map((id) => told("inboxed", 2 + id, { id: `${id}` }))
    assert.deepStrictEqual(order([...accepted, ...inboxed, told("forgot", 6), ...inboxed]), [])
  })

  it("takes what is accepted again, by an outbox that forgot it, for newer", () => {
    const inboxed = [told("inboxed", 5, { id: "2" }), told("inboxed", 6, { id: "1" })]
    assert.deepStrictEqual(order([...accepted, told("accepted", 4, { id: "1" }), ...inboxed]), [])
  })

  it("tells two messages of one instant apart", () => {
    const together = [told("accepted", 1, { id: "1" }), told("accepted", 1, { id: "2" })]
    assert.lengthOf(order([...together, ...overtaken.slice(2)]), 1)
  })
})
