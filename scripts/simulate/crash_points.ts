/**
 * Runs the exhaustive pass: three messages, and each process killed at each place where it can be,
 * then some pairs of places.
 *
 * @module
 */
import {
  broker,
  crashPairs,
  type CrashPoint,
  crashPoints,
  machine,
  makeChance,
  scenario,
  sends
} from "@claudemesh/testkit/simulation"
import { programs } from "./programs.ts"

/** Three messages one way, and one back, between two machines. */
const EXCHANGE = scenario({
  steps: [...sends(1_000, 3), ...sends(1_050, 1, { from: 1, to: 0 })]
})

/** More than any process has places: pairs that are not met cost a run, and are left out. */
const CALLS_MAX = 600

/** What is run. */
export interface CrashPass {
  /** Every so manieth place. */
  readonly stride: number
  /** And so many pairs of places. */
  readonly pairs: number
}

/** Runs them; answers with how many there were. */
export function runCrashPoints(
  { pairs, stride }: CrashPass,
  onFailure: (failed: CrashPoint) => void
): number {
  const options = { programs, hosts: [machine(0), machine(1), broker(0)] }
  const chance = makeChance("pairs of crash points")
  let runs = 0
  function judge(point: CrashPoint): void {
    runs++
    if (point.violations.length > 0) onFailure(point)
  }
  for (const point of crashPoints(EXCHANGE, { ...options, stride })) judge(point)
  const drawn = { ...options, chance, count: pairs, callsMax: CALLS_MAX }
  for (const point of crashPairs(EXCHANGE, drawn)) judge(point)
  return runs
}
