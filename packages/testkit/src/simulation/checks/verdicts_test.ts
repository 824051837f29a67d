import { assert, describe, it } from "@effect/vitest"
import { GOOD, told, without } from "../testing/told.ts"
import { verdicts } from "./verdicts.ts"

const open = without("shown", "inboxed")

describe("verdicts", () => {
  it("finds nothing where the sender knows", () => {
    assert.deepStrictEqual(verdicts(GOOD), [])
  })

  it("finds a message of which nothing is known at the end", () => {
    assert.deepStrictEqual(verdicts(open).map(({ guarantee }) => guarantee), ["G5"])
    assert.lengthOf(verdicts([...open, told("shown", 4, { state: "admitted" })]), 1)
  })

  it.each([
    ["expired", "expired", []],
    ["rejected", "unknown_recipient", []],
    ["rejected", "quota", []],
    ["rejected", "id_reused", []]
  ])("finds that something is shown %s (%s) without cause", (state, reason, history) => {
    assert.lengthOf(verdicts([...open, ...history, told("shown", 4, { state, reason })]), 1)
  })

  it.each([
    ["expired", "expired", [told("clock_set", 3)]],
    ["rejected", "unknown_recipient", [told("left", 3)]],
    ["rejected", "quota", [told("quota_met", 3)]],
    ["rejected", "id_reused", [told("forgot", 1, { device: "a" })]]
  ])("finds nothing where something is shown %s (%s) for a cause", (state, reason, history) => {
    const shown = told("shown", 4, { state, reason })
    assert.deepStrictEqual(verdicts([...open, ...history, shown]), [])
  })

  it("lets a message expire when its time is over", () => {
    const history = [told("accepted", 1, { ttl: 10 }), told("shown", 12, { state: "expired" })]
    assert.deepStrictEqual(verdicts([...history, told("ended", 20)]), [])
  })

  it("asks nothing of those who left, who stay cut off, or whose outbox is lost", () => {
    const excuses = [told("left", 5), told("cut_off", 5), told("forgot", 5, { device: "a" })]
    for (const excuse of excuses) assert.deepStrictEqual(verdicts([...open, excuse]), [])
  })
})
