/**
 * Runs one plan, tells its timeline if that is wanted, and makes it smaller if it fails.
 *
 * @module
 */
import {
  type FrameSeen,
  type Judged,
  type Plan,
  run,
  shrink,
  traceLines,
  type Violation
} from "@claudemesh/testkit/simulation"
import { programs } from "./programs.ts"

/** Runs of smaller plans before the smallest so far is taken. */
const TRIES_MAX = 150

/** What is told of a run. */
export interface Told {
  readonly lines: ReadonlyArray<string>
  readonly isGood: boolean
  /** The smallest plan that fails like it. */
  readonly shrunk: Plan | undefined
}

/** Runs it. */
export function tellRun(plan: Plan, isTraced: boolean): Told {
  const judged = run(plan, programs)
  const [first] = judged.violations
  if (first === undefined) {
    return { lines: [...told(plan, isTraced), summary(judged)], isGood: true, shrunk: undefined }
  }
  const shrunk = shrink(plan, { triesMax: TRIES_MAX, fails: (smaller) => isSame(smaller, first) })
  return {
    lines: [...told(shrunk, isTraced), summary(run(shrunk, programs))],
    isGood: false,
    shrunk
  }
}

function isSame(plan: Plan, { guarantee }: Violation): boolean {
  return run(plan, programs).violations.some((other) => other.guarantee === guarantee)
}

/** The timeline of a run, if it is wanted. */
export function told(plan: Plan, isTraced: boolean): ReadonlyArray<string> {
  if (!isTraced) return []
  const frames: Array<FrameSeen> = []
  const { history } = run(plan, programs, (frame) => frames.push(frame))
  const worthReading = frames.filter(({ text }) => !/"type":"p[io]ng"/.test(text))
  return traceLines(plan, [...worthReading, ...history].toSorted((one, other) => one.at - other.at))
}

function summary({ fingerprint, history, violations }: Judged): string {
  const broken = violations.map(({ at, guarantee, what }) =>
    `  ${guarantee} at ${(at / 1_000).toFixed(3)} s: ${what}`
  )
  const verdict = broken.length === 0 ? "Every promise was kept" : `Broken:\n${broken.join("\n")}`
  return `\n${history.length} events, fingerprint ${fingerprint}\n${verdict}`
}
