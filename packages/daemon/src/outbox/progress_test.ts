import { assert, describe, it } from "@effect/vitest"
import { advances, inOrder, isArrived, isLate, isSettled, leastOf } from "./progress.ts"

const ladder = [
  "queued",
  "admitted",
  "inboxed",
  "held",
  "surfaced",
  "in_context",
  "answered"
] as const

const ENDS = ["rejected", "expired", "aborted"] as const

describe("advances", () => {
  it("lets a state follow every lower one, and no other", () => {
    for (const [from, state] of ladder.entries()) {
      for (const [to, next] of ladder.entries()) {
        assert.strictEqual(advances(state, next), to > from, `${state} to ${next}`)
      }
    }
  })

  it("lets an end follow what is not yet with the recipient, once", () => {
    for (const end of ENDS) {
      assert.deepStrictEqual(ladder.filter((state) => advances(state, end)), ["queued", "admitted"])
      assert.deepStrictEqual(ENDS.filter((before) => advances(before, end)), [])
    }
  })

  it("lets proof of arrival follow an end, and not the broker's word", () => {
    assert.isFalse(advances("expired", "admitted"))
    assert.isTrue(advances("expired", "inboxed"))
    assert.isTrue(advances("rejected", "held"))
  })
})

describe("isSettled", () => {
  it("holds once the recipient's device has signed for it, or it has ended", () => {
    assert.deepStrictEqual([...ladder, ...ENDS].filter(isSettled), [
      "inboxed",
      "held",
      "surfaced",
      "in_context",
      "answered",
      "rejected",
      "expired",
      "aborted"
    ])
  })
})

describe("inOrder", () => {
  it("goes by time, and within a moment by the ladder", () => {
    const steps = [
      { state: "inboxed", at: 2 },
      { state: "admitted", at: 1 },
      { state: "queued", at: 1 }
    ] as const

    assert.deepStrictEqual(inOrder(steps).map(({ state }) => state), [
      "queued",
      "admitted",
      "inboxed"
    ])
  })
})

describe("isArrived", () => {
  it("holds once the recipient's device has it, though it waits for a human, and for no end", () => {
    assert.deepStrictEqual([...ladder, ...ENDS].filter(isArrived), [
      "inboxed",
      "held",
      "surfaced",
      "in_context",
      "answered"
    ])
  })
})

describe("isLate", () => {
  it("holds for what the answer was faster than, and for no end", () => {
    assert.isTrue(isLate("answered", "in_context"))
    for (const state of ["answered", ...ENDS] as const) assert.isFalse(isLate("answered", state))
    assert.isFalse(isLate("in_context", "surfaced"))
  })
})

describe("leastOf", () => {
  it("is what holds for every recipient", () => {
    assert.strictEqual(leastOf(["answered", "admitted", "inboxed"]), "admitted")
    assert.strictEqual(leastOf(["surfaced", "expired"]), "expired")
    assert.strictEqual(leastOf([]), "queued")
  })
})
