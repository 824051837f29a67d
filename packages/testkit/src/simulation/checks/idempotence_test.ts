import { assert, describe, it } from "@effect/vitest"
import { GOOD, told, without } from "../testing/told.ts"
import { idempotence } from "./idempotence.ts"

describe("idempotence", () => {
  it("finds nothing in the same answer again, and in a refusal of other words", () => {
    const repeats = [
      told("answered", 7),
      told("answered", 8, { text: "other words", answer: "id_reused" })
    ]
    assert.deepStrictEqual(idempotence([...GOOD, ...repeats]), [])
  })

  it.each([
    ["an answer about what is in no outbox", without("accepted")],
    ["other words under the same id", [...GOOD, told("answered", 7, { text: "other words" })]],
    ["a refusal of the same words", [...GOOD, told("answered", 7, { answer: "id_reused" })]],
    ["a second admission", [...GOOD, told("admitted", 7)]]
  ])("finds %s", (_, history) => {
    assert.deepStrictEqual(idempotence(history).map(({ guarantee }) => guarantee), ["G6"])
  })

  it("lets a store admit again what it lost, and another attempt", () => {
    assert.deepStrictEqual(idempotence([...GOOD, told("store_lost", 7), told("admitted", 8)]), [])
    assert.deepStrictEqual(idempotence([...GOOD, told("admitted", 8, { attempt: 1 })]), [])
  })
})
