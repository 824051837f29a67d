/**
 * A plan from a few facts: what is not said is calm, and time enough is left for everything to happen.
 *
 * @module
 */
import { CALM, type NetworkFaults } from "./connection.ts"
import type { Act, Plan, Step } from "./plan.ts"

/** What a scenario says; all but its steps may be left out. */
export interface ScenarioFacts extends Partial<Omit<Plan, "network" | "steps">> {
  readonly steps: ReadonlyArray<Step>
  readonly network?: Partial<NetworkFaults>
}

/** After the last step. */
const HEALS_AFTER_MILLIS = 2_000

/** The plan of a scenario: two machines, one broker and one mesh, unless it says otherwise. */
export function scenario({ network, steps, ...facts }: ScenarioFacts): Plan {
  return {
    seed: "scenario",
    mode: "safety",
    machines: 2,
    brokers: 1,
    meshes: 1,
    isBrokerUnsynced: false,
    tuning: {},
    healsAt: Math.max(0, ...steps.map((step) => step.at + lastingOf(step))) + HEALS_AFTER_MILLIS,
    ...facts,
    network: { ...CALM, ...network },
    steps: steps.toSorted((one, other) => one.at - other.at)
  }
}

function lastingOf(act: Act): number {
  if (act.act === "once") return lastingOf(act.does)
  if ("millis" in act) return act.millis ?? 0
  return "downMillis" in act ? act.downMillis : 0
}
