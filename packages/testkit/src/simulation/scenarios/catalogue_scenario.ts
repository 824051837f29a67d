/**
 * A scenario of the fault catalogue: which entries it plays, how, and what it must show.
 *
 * @module
 */
import { check, type Violation } from "../check.ts"
import type { Programs } from "../parts.ts"
import type { Plan } from "../plan.ts"
import { play } from "../play.ts"
import type { FrameSeen } from "../trace.ts"
import type { CatalogueId } from "./catalogue.ts"
import type { Expectation } from "./expectations.ts"

/** One row of the tables beside this file. */
export interface CatalogueScenario {
  /** The entries of the fault catalogue that it plays. */
  readonly covers: ReadonlyArray<CatalogueId>
  /** What holds, as a sentence without a full stop. */
  readonly title: string
  readonly plan: Plan
  /** What must be seen beside that no promise is broken; that what it aims at was met, above all. */
  readonly shows: ReadonlyArray<Expectation>
}

/** What is wrong with a scenario, in words. */
export function judgeScenario(
  { plan, shows }: CatalogueScenario,
  programs: Programs
): ReadonlyArray<string> {
  const frames: Array<FrameSeen> = []
  const history = play(plan, {
    programs,
    onFrame: (frame) => void frames.push(frame)
  })
  const missing = shows.map((expectation) => expectation({ history, frames }))
  return [...check(history).map(told), ...missing.filter((one) => one !== undefined)]
}

function told({ at, guarantee, what }: Violation): string {
  return `${guarantee} at ${(at / 1_000).toFixed(3)} s: ${what}`
}
