/**
 * Plays simulated worlds of several kinds in turn, and sends its parent what each took.
 *
 * @module
 */
import { drawPlan, type Plan, run, scenario, sends } from "@claudemesh/testkit/simulation"
import { programs } from "../../simulate/programs.ts"

const WARM_UP = 60
const MEASURED = 300

/** The kinds of world, each by the number of its seed. */
const kinds: Readonly<Record<string, (seed: number) => Plan>> = {
  "three machines, no message": (seed) => worldOf(seed, 0),
  "three machines, 3 messages": (seed) => worldOf(seed, 3),
  "three machines, 9 messages": (seed) => worldOf(seed, 9),
  "a drawn plan, safety": (seed) => drawPlan(`${seed}`, "safety"),
  "a drawn plan, liveness": (seed) => drawPlan(`${seed}`, "liveness")
}

/** What each world of a kind took, in milliseconds. */
export interface WorldsPlayed {
  readonly name: string
  readonly millis: ReadonlyArray<number>
}

function worldOf(seed: number, messages: number): Plan {
  const plan = scenario({ machines: 3, steps: sends(1_000, messages, { to: 1 }) })
  return { ...plan, seed: `bench-${seed}`, areDisksInstalled: true }
}

function millisOf(plan: Plan): number {
  const began = performance.now()
  const { violations } = run(plan, programs)
  if (violations.length > 0) throw new Error(`seed ${plan.seed}: ${violations[0]?.what}`)
  return performance.now() - began
}

const played = Object.entries(kinds).map(([name, planOf]) => ({ name, planOf, millis: [0] }))
for (let seed = 0; seed < WARM_UP + MEASURED; seed++) {
  for (const { millis, planOf } of played) {
    const took = millisOf(planOf(seed))
    if (seed === WARM_UP) millis.length = 0
    if (seed >= WARM_UP) millis.push(took)
  }
}
process.send?.(played.map(({ millis, name }): WorldsPlayed => ({ name, millis })))
process.disconnect?.()
