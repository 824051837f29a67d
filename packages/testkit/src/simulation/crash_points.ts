/**
 * Kills a process at every place at which it can die between two effects: before and after each call to its disk.
 *
 * A plan is run once for each such place. The number of places is not known
 * beforehand: they end with the first run in which nothing is left to kill.
 *
 * @module
 */
import type { Chance } from "./chance.ts"
import type { Violation } from "./check.ts"
import type { Programs } from "./parts.ts"
import type { Act, HostRef, Plan } from "./plan.ts"
import { run } from "./run.ts"

/** A run in which processes were killed at certain places. */
export interface CrashPoint {
  readonly plan: Plan
  readonly kills: ReadonlyArray<Kill>
  readonly violations: ReadonlyArray<Violation>
}

/** A place at which a process is killed: the number of the call to its disk, from 0. */
export type Kill = Extract<Act, { readonly act: "kill_at_call" }>

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
      const point = crash(plan, [killAt(host, calls)], programs)
      if (point === undefined) break
      yield point
    }
  }
}

/** What is drawn of all pairs of places. */
export interface CrashPairOptions extends Omit<CrashPointOptions, "stride"> {
  readonly chance: Chance
  readonly count: number
  /** The number of places that each process has, or more. */
  readonly callsMax: number
}

/** Runs in which two processes are killed, or one twice; pairs that do not come to that are left out. */
export function* crashPairs(
  plan: Plan,
  { callsMax, chance, count, hosts, programs }: CrashPairOptions
): Generator<CrashPoint> {
  for (let left = count; left > 0; left--) {
    const kills = [1, 2].map(() => killAt(chance.pick(hosts), chance.below(callsMax)))
    const point = crash({ ...plan, seed: `${plan.seed} ${left}` }, kills, programs)
    if (point !== undefined) yield point
  }
}

function killAt(host: HostRef, calls: number): Kill {
  return { act: "kill_at_call", host, calls, downMillis: DOWN_MILLIS }
}

/** Nothing where nothing was left to kill. */
function crash(plan: Plan, kills: ReadonlyArray<Kill>, programs: Programs): CrashPoint | undefined {
  const steps = [...kills.map((kill) => ({ at: 0, ...kill })), ...plan.steps]
  const { history, violations } = run({ ...plan, steps }, programs)
  const isMet = violations.length > 0 || history.some(({ type }) => type === "killed")
  return isMet ? { plan: { ...plan, steps }, kills, violations } : undefined
}
