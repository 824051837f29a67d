/**
 * Judges a history: which promises of delivery it breaks. Pure, so that a simulated run and a chaos run meet one judge.
 *
 * Each promise is a row of the table: its number in the published guarantees,
 * and a function from a history to what breaks it.
 *
 * @module
 */
import { agreement } from "./checks/agreement.ts"
import { bounds } from "./checks/bounds.ts"
import { idempotence } from "./checks/idempotence.ts"
import { loss } from "./checks/loss.ts"
import { numbering } from "./checks/numbering.ts"
import { order } from "./checks/order.ts"
import { presence } from "./checks/presence.ts"
import { progress } from "./checks/progress.ts"
import { truth } from "./checks/truth.ts"
import { verdicts } from "./checks/verdicts.ts"
import type { History } from "./history.ts"

/** A promise that was broken, and when that could be seen. */
export interface Violation {
  /** Its number in the published guarantees; several checks may serve one. */
  readonly guarantee: string
  readonly at: number
  readonly what: string
}

/** Finds what breaks one promise. */
export type Check = (history: History) => ReadonlyArray<Violation>

/** The table of checks. */
export const checks: Readonly<Record<string, Check>> = {
  loss,
  agreement,
  order,
  verdicts,
  idempotence,
  numbering,
  truth,
  progress,
  presence,
  bounds
}

/** Everything that a history breaks, the earliest first. */
export function check(history: History): ReadonlyArray<Violation> {
  return Object.values(checks).flatMap((one) => one(history))
    .toSorted((one, other) => one.at - other.at)
}
