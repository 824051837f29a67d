/**
 * Tests the simulator: plants one mistake after another, and each must be found within 1,000 seeds. `npm run mutants`.
 *
 * With names it plants only those: `npm run mutants -- ack_before_commit`.
 *
 * @module
 */
import { availableParallelism } from "node:os"
import { type Hunt, hunt, SEEDS_MAX } from "./mutants/runner.ts"
import { mutants } from "./mutants/table.ts"

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !Object.hasOwn(mutants, name))
if (unknown.length > 0) {
  console.error(`Cannot plant "${unknown.join(" ")}": there are ${Object.keys(mutants).join(", ")}`)
  process.exitCode = 2
} else {
  const waiting = asked.length === 0 ? Object.keys(mutants) : [...asked]
  const hunts: Array<Hunt> = []
  async function work() {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const hunted = await hunt(name)
      hunts.push(hunted)
      console.log(told(hunted))
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  const missed = hunts.filter(({ found }) => found === undefined)
  console.log(`${hunts.length - missed.length} of ${hunts.length} mutants found`)
  process.exitCode = missed.length === 0 ? 0 : 1
}

function told({ failure, found, mutant }: Hunt): string {
  if (found === undefined) {
    return `${mutant}: NOT FOUND${
      failure === undefined ? ` in ${SEEDS_MAX} seeds` : `, ${failure.trim()}`
    }`
  }
  const { outcome: { mode, seed, violations }, runs } = found
  return `${mutant}: run ${runs} (seed ${seed}, ${mode}): ${violations[0]}`
}
