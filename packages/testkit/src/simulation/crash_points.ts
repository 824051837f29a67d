/**
 * Kills a process at every place at which it can die between two effects: before and after each call to its disk.
 *
 * A plan is run once for each such place. The number of places is not known
 * beforehand: they end with the first run in which nothing is left to kill.
 *
 * @module
 */
import type { Violation } from "./check.ts"
import type { Programs } from "./parts.ts"
import type { HostRef, Plan } from "./plan.ts"
import { run } from "./run.ts"

/** A run in which a process was killed at one place. */
export interface CrashPoint {
  readonly host: HostRef
  /** The number of the place, from 0. */
  readonly calls: number
  readonly plan: Plan
  readonly violations: ReadonlyArray<Violation>
}

/** What is killed where. */
export interface CrashPointOptions {
  readonly programs: Programs
  readonly hosts: ReadonlyArray<HostRef>
  /** Every so manieth place only. */
  readonly stride: number
}

const DOWN_MILLIS = 500

/** Every crash point of a plan, one run after another. */
export function* crashPoints(
  plan: Plan,
  { hosts, programs, stride }: CrashPointOptions
): Generator<CrashPoint> {
  for (const host of hosts) {
    for (let calls = 0;; calls += stride) {
      const killed = killedAt(plan, host, calls)
      const { history, violations } = run(killed, programs)
      if (violations.length === 0 && !history.some(({ type }) => type === "killed")) break
      yield { host, calls, plan: killed, violations }
    }
  }
}

function killedAt(plan: Plan, host: HostRef, calls: number): Plan {
  const kill = { at: 0, act: "kill_at_call", host, calls, downMillis: DOWN_MILLIS } as const
  return { ...plan, steps: [kill, ...plan.steps] }
}
