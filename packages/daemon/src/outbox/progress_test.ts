import { assert, describe, it } from "@effect/vitest"
import { advances, isSettled, leastOf } from "./progress.ts"

const ladder = [
  "queued",
  "admitted",
  "held",
  "inboxed",
  "surfaced",
  "in_context",
  "answered"
] as const

describe("advances", () => {
  it("lets a state follow every lower one, and no other", () => {
    for (const [from, state] of ladder.entries()) {
      for (const [to, next] of ladder.entries()) {
        assert.strictEqual(advances(state, next), to > from, `${state} to ${next}`)
      }
    }
  })

  it("lets an end follow what is not yet with the recipient, once", () => {
    for (const end of ["rejected", "expired"] as const) {
      assert.deepStrictEqual(ladder.filter((state) => advances(state, end)), ["queued", "admitted"])
      assert.isFalse(advances("rejected", end))
      assert.isFalse(advances("expired", end))
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
    assert.deepStrictEqual([...ladder, "rejected" as const, "expired" as const].filter(isSettled), [
      "inboxed",
      "surfaced",
      "in_context",
      "answered",
      "rejected",
      "expired"
    ])
  })
})

describe("leastOf", () => {
  it("is what holds for every recipient", () => {
    assert.strictEqual(leastOf(["answered", "admitted", "inboxed"]), "admitted")
    assert.strictEqual(leastOf(["surfaced", "expired"]), "expired")
    assert.strictEqual(leastOf([]), "queued")
  })
})
