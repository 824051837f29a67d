import { assert, describe, it } from "@effect/vitest"
import { drawPlan, faultKinds, type Plan } from "./plan.ts"

const plans = Array.from({ length: 200 }, (_, seed) => drawPlan(`${seed}`, "safety"))

function actsOf({ steps }: Plan): ReadonlyArray<string> {
  return steps.map(({ act }) => act)
}

function neverHeals({ steps }: Plan): boolean {
  return steps.some((step) => step.act === "partition" && step.millis === undefined)
}

describe("drawPlan", () => {
  it("draws the same plan for the same seed, and another for another", () => {
    assert.deepStrictEqual(drawPlan("7", "safety"), plans[7])
    assert.notDeepEqual(plans[7], plans[8])
  })

  it("has steps in the order of time, all before everything heals", () => {
    for (const { healsAt, steps } of plans) {
      const times = steps.map(({ at }) => at)
      assert.deepStrictEqual(times, times.toSorted((one, other) => one - other))
      assert.isTrue(times.every((at) => at <= healsAt))
    }
  })

  it("sends something in every plan, from one machine to another", () => {
    for (const plan of plans) {
      assert.include(actsOf(plan), "send")
      for (const step of plan.steps) {
        if (step.act === "send") assert.notStrictEqual(step.from, step.to)
      }
    }
  })

  it("draws every kind of fault sometimes, and none always", () => {
    for (const kind of Object.keys(faultKinds)) {
      const having = plans.filter((plan) => actsOf(plan).includes(kind)).length
      assert.isTrue(having > 0 && having < plans.length, `${kind} is in ${having} plans`)
    }
  })

  it("leaves something broken for good only in liveness mode", () => {
    const lively = plans.map(({ seed }) => drawPlan(seed, "liveness"))
    assert.isTrue(lively.some(neverHeals))
    assert.isFalse(plans.some(neverHeals))
  })

  it("can be written down as JSON and read again", () => {
    for (const plan of plans) assert.deepStrictEqual(JSON.parse(JSON.stringify(plan)), plan)
  })
})
