/**
 * Plays whole meshes from seeds and judges them: `npm run simulate -- --seeds 1000`, `npm run simulate -- --seed 7 --trace`.
 *
 * Beside seeds there are scenarios, each aimed at an entry of the fault
 * catalogue, and the exhaustive pass over all crash points of one exchange.
 *
 * A failing seed is made smaller and its plan is written to a file, which can
 * be played again and, once the cause is mended, kept as a regression.
 *
 * @module
 */
import { drawPlan, type Plan } from "@claudemesh/testkit/simulation"
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { availableParallelism, tmpdir } from "node:os"
import { join } from "node:path"
import { type Asked, readArguments } from "./simulate/arguments.ts"
import { runMany } from "./simulate/many.ts"
import { type CrashPass, runCrashPoints } from "./simulate/crash_points.ts"
import { tellRun } from "./simulate/one.ts"
import { tellScenarios } from "./simulate/scenario.ts"

/** How often it is told how far many runs are. */
const TOLD_EVERY = 500

const asked = readArguments(process.argv.slice(2), availableParallelism())
if (typeof asked === "string") {
  console.error(asked)
  process.exitCode = 2
} else process.exitCode = await simulate(asked)

async function simulate(asked: Asked): Promise<number> {
  switch (asked.type) {
    case "many":
      return simulateMany(asked)
    case "crash_points":
      return simulateCrashPoints(asked)
    case "scenario": {
      const { isGood, lines } = tellScenarios(asked.entry, asked.isTraced)
      console.log(lines.join("\n"))
      return isGood ? 0 : 1
    }
    case "one":
      return simulateOne(drawPlan(asked.seed, asked.mode), asked.isTraced)
    case "plan":
      return simulateOne(readPlan(asked.path), asked.isTraced)
  }
}

async function simulateMany(many: Extract<Asked, { readonly type: "many" }>): Promise<number> {
  const { events, failed, runs, seconds } = await runMany(many, (outcome, count) => {
    if (outcome.violations.length > 0) {
      console.log(`seed ${outcome.seed} (${outcome.mode}): ${outcome.violations.join("\n  ")}`)
    }
    if (count % TOLD_EVERY === 0) console.log(`${count} runs`)
  })
  const rate = (runs / seconds).toFixed(0)
  console.log(
    `${runs} runs, ${events} events in ${
      seconds.toFixed(1)
    } s (${rate} a second): ${failed.length} failed`
  )
  const [first] = failed
  if (first !== undefined) {
    console.log(`See one: npm run simulate -- --seed ${first.seed} --mode ${first.mode} --trace`)
  }
  return failed.length === 0 ? 0 : 1
}

function simulateCrashPoints(pass: CrashPass): number {
  let failed = 0
  const runs = runCrashPoints(pass, ({ kills, plan, violations }) => {
    const [first] = violations
    const places = kills.map(({ calls, host }) => `${host.kind} ${host.number} at ${calls}`)
    console.log(`killed ${places.join(" and ")}: ${first?.guarantee} ${first?.what}`)
    if (failed++ === 0) keepPlan(plan)
  })
  console.log(`${runs} crash points: ${failed} failed`)
  return failed === 0 ? 0 : 1
}

function readPlan(path: string): Plan {
  const read: { readonly plan: Plan } = JSON.parse(readFileSync(path, "utf8"))
  return read.plan
}

function simulateOne(plan: Plan, isTraced: boolean): number {
  const { isGood, lines, shrunk } = tellRun(plan, isTraced)
  console.log(lines.join("\n"))
  if (isGood) return 0
  keepPlan(shrunk)
  return 1
}

function keepPlan(plan: Plan | undefined): void {
  const path = join(mkdtempSync(join(tmpdir(), "claudemesh-plan-")), "plan.json")
  writeFileSync(path, `${JSON.stringify({ why: "", plan }, undefined, 2)}\n`)
  console.log(`Play it again: npm run simulate -- --plan ${path} --trace`)
}
