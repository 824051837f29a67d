/**
 * Runs one share of many seeds in a process of its own, and sends what came of each to its parent.
 *
 * @module
 */
import { drawPlan, type Mode, run } from "@claudemesh/testkit/simulation"
import { setImmediate } from "node:timers/promises"
import { programs } from "./programs.ts"

/** Every so many seeds one is run twice: the same seed must be the same run. */
const TWICE_EVERY = 100

/** What came of one seed. */
export interface Outcome {
  readonly seed: string
  readonly mode: Mode
  readonly violations: ReadonlyArray<string>
  readonly events: number
}

function outcomeOf(seed: number, mode: Mode): Outcome {
  const plan = drawPlan(`${seed}`, mode)
  const { fingerprint, history, violations } = run(plan, programs)
  const broken = violations.map(({ at, guarantee, what }) =>
    `${guarantee} at ${(at / 1_000).toFixed(1)} s: ${what}`
  )
  const isTwice = seed % TWICE_EVERY === 0
  const again = isTwice ? run(plan, programs).fingerprint : fingerprint
  if (again !== fingerprint) broken.push(`the same seed gave two runs, ${fingerprint} and ${again}`)
  return { seed: `${seed}`, mode, violations: broken, events: history.length }
}

const [from = 0, until = 0, step = 1] = process.argv.slice(2, 5).map(Number)
const modes = process.argv.slice(5).filter((mode): mode is Mode =>
  mode === "safety" || mode === "liveness"
)
for (let seed = from; seed < until && process.connected; seed += step) {
  for (const mode of modes) process.send?.(outcomeOf(seed, mode))
  // A turn of the event loop, in which it is noticed that whoever listened is gone.
  await setImmediate()
}
process.disconnect?.()
