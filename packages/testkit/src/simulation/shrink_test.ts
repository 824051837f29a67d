import { assert, describe, it } from "@effect/vitest"
import { CALM } from "./connection.ts"
import type { Plan } from "./plan.ts"
import { scenario } from "./scenario.ts"
import { shrink } from "./shrink.ts"
import { send, sends } from "./steps.ts"

const cut = { at: 500, act: "cut", machine: 0 } as const
const crowded = scenario({
  network: { duplicateChance: 0.5, cutChance: 0.5 },
  tuning: { admissionsPerBatch: 1 },
  steps: [...sends(1, 20), cut, ...sends(600, 20)]
})

function shrunk(plan: Plan, fails: (plan: Plan) => boolean) {
  return shrink(plan, { fails, triesMax: 500 })
}

describe("shrink", () => {
  it("keeps only the steps that matter", () => {
    const { steps } = shrunk(crowded, (plan) => plan.steps.some(({ act }) => act === "cut"))
    assert.deepStrictEqual(steps, [cut])
  })

  it("makes the world as calm as it may be", () => {
    const { network, tuning } = shrunk(crowded, () => true)
    assert.deepStrictEqual(network, CALM)
    assert.deepStrictEqual(tuning, {})
    const { network: kept } = shrunk(crowded, (plan) => plan.network.cutChance > 0)
    assert.deepStrictEqual(kept, { ...CALM, cutChance: 0.5 })
  })

  it("keeps a repeat with the send that it repeats", () => {
    const repeat = { at: 900, act: "repeat", earlier: 2, isAltered: false } as const
    const plan = scenario({ steps: [...sends(1, 5), repeat] })
    const { steps } = shrunk(plan, (smaller) => smaller.steps.some(({ act }) => act === "repeat"))
    assert.deepStrictEqual(steps, [{ ...repeat, earlier: 0 }].flatMap((step) => [send(3), step]))
  })

  it("lets a send keep an id that was used before, for as long as there is one", () => {
    const plan = scenario({ steps: [...sends(1, 3), send(900, { idOf: 2 })] })
    const both = shrunk(plan, ({ steps }) => steps.some(({ at }) => at === 3) && steps.length > 1)
    assert.deepStrictEqual(both.steps, [send(3), send(900, { idOf: 0 })])
    assert.deepStrictEqual(shrunk(plan, ({ steps }) => steps.length > 0).steps, [send(900)])
  })

  it("stops after so many tries", () => {
    let tries = 0
    shrink(crowded, {
      triesMax: 7,
      fails: () => {
        tries++
        return true
      }
    })
    assert.strictEqual(tries, 7)
  })
})
