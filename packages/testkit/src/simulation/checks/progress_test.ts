import { assert, describe, it } from "@effect/vitest"
import { GOOD, told } from "../testing/told.ts"
import { DELIVERED_WITHIN_MILLIS, progress } from "./progress.ts"

const healed = told("healed", 10)
const late = told("inboxed", 100 + DELIVERED_WITHIN_MILLIS)

describe("progress", () => {
  it("finds nothing in what comes soon", () => {
    assert.deepStrictEqual(progress(GOOD), [])
  })

  it("finds what takes too long after all has healed", () => {
    const history = [told("accepted", 1), healed, late]
    assert.deepStrictEqual(progress(history).map(({ guarantee }) => guarantee), ["G15"])
  })

  it("counts from when a message was accepted, if that is later", () => {
    assert.deepStrictEqual(progress([healed, told("accepted", 200), late]), [])
  })

  it("asks nothing of machines that stay cut off, and nothing before all has healed", () => {
    for (const device of ["a", "b"]) {
      const cut = told("cut_off", 2, { device })
      assert.deepStrictEqual(progress([told("accepted", 1), cut, healed, late]), [])
    }
    assert.deepStrictEqual(progress([told("accepted", 1), late]), [])
  })
})
