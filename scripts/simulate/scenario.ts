/**
 * Plays the scenarios of one entry of the fault catalogue.
 *
 * @module
 */
import { judgeScenario, scenarios } from "@claudemesh/testkit/simulation"
import { told } from "./one.ts"
import { programs } from "./programs.ts"

/** What is told of them. */
export interface ToldScenarios {
  readonly lines: ReadonlyArray<string>
  readonly isGood: boolean
}

/** Plays all that cover an entry. */
export function tellScenarios(entry: string, isTraced: boolean): ToldScenarios {
  const found = scenarios.filter(({ covers }) => covers.some((id) => id === entry))
  if (found.length === 0) return { lines: [`Cannot find a scenario of "${entry}"`], isGood: false }
  const played = found.map((scenario) => ({ scenario, wrong: judgeScenario(scenario, programs) }))
  const lines = played.flatMap(({ scenario: { plan, title }, wrong }) => [
    ...told(plan, isTraced),
    `${wrong.length === 0 ? "kept" : "BROKEN"}: ${title}`,
    ...wrong.map((one) => `  ${one}`)
  ])
  return { lines, isGood: played.every(({ wrong }) => wrong.length === 0) }
}
