import { assert, describe, it } from "@effect/vitest"
import { CALM } from "./connection.ts"
import { scenario } from "./scenario.ts"
import { machine, once, send } from "./steps.ts"

describe("scenario", () => {
  it("is calm where nothing is said", () => {
    const { network, tuning } = scenario({ steps: [] })
    assert.deepStrictEqual(network, CALM)
    assert.deepStrictEqual(tuning, {})
  })

  it("keeps what is said, and puts steps in the order of time", () => {
    const plan = scenario({
      machines: 3,
      network: { duplicateChance: 1 },
      steps: [send(2_000), send(1_000)]
    })
    assert.strictEqual(plan.machines, 3)
    assert.deepStrictEqual(plan.network, { ...CALM, duplicateChance: 1 })
    assert.deepStrictEqual(plan.steps.map(({ at }) => at), [1_000, 2_000])
  })

  it("heals after the last fault is over, also one that waits for its moment", () => {
    const kill = { act: "kill", host: machine(0), downMillis: 5_000 } as const
    assert.isAbove(scenario({ steps: [{ at: 1_000, ...kill }] }).healsAt, 6_000)
    assert.isAbove(scenario({ steps: [once("admitted", kill)] }).healsAt, 5_000)
  })
})
