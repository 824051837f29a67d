import { assert, describe, it } from "@effect/vitest"
import { GOOD, told, without } from "../testing/told.ts"
import { loss } from "./loss.ts"

describe("loss", () => {
  it("finds nothing where a message arrived", () => {
    assert.deepStrictEqual(loss(GOOD), [])
  })

  it("finds a message that is nowhere at the end", () => {
    assert.deepStrictEqual(loss(without("inboxed", "shown")).map(({ guarantee }) => guarantee), [
      "G1"
    ])
  })

  it("finds a message that is only said to be there", () => {
    assert.lengthOf(loss(without("inboxed")), 1)
  })

  it("finds nothing before the end", () => {
    assert.deepStrictEqual(loss(without("inboxed", "shown", "ended")), [])
  })

  it.each([
    ["has expired", told("shown", 4, { state: "expired" })],
    ["was refused", told("shown", 4, { state: "rejected" })],
    ["was taken back", told("shown", 4, { state: "aborted" })],
    ["is for somebody who left", told("left", 4)],
    ["is for somebody who stays cut off", told("cut_off", 4)]
  ])("asks for nothing that %s", (_, end) => {
    assert.deepStrictEqual(loss([...without("inboxed", "shown"), end]), [])
  })

  it("asks for nothing that was lost with its sender's disk, unless a broker had it", () => {
    const forgot = told("forgot", 4, { device: "a" })
    assert.deepStrictEqual(loss([...without("inboxed", "shown", "admitted"), forgot]), [])
    assert.lengthOf(loss([...without("inboxed", "shown"), forgot]), 1)
  })
})
