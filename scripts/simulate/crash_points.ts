/**
 * Runs the exhaustive pass: three messages, and each process killed at each place where it can be.
 *
 * @module
 */
import {
  broker,
  type CrashPoint,
  crashPoints,
  machine,
  scenario,
  sends
} from "@claudemesh/testkit/simulation"
import { programs } from "./programs.ts"

/** Three messages one way, and one back, between two machines. */
const EXCHANGE = scenario({
  steps: [...sends(1_000, 3), ...sends(1_050, 1, { from: 1, to: 0 })]
})

/** Runs every so manieth place; answers with how many there were. */
export function runCrashPoints(stride: number, onFailure: (failed: CrashPoint) => void): number {
  const hosts = [machine(0), machine(1), broker(0)]
  let runs = 0
  for (const point of crashPoints(EXCHANGE, { programs, hosts, stride })) {
    runs++
    if (point.violations.length > 0) onFailure(point)
  }
  return runs
}
