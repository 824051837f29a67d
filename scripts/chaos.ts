/**
 * Kills, freezes, wipes and cuts off real processes while they exchange messages, and counts what arrives:
 * `npm run chaos -- --kills N [--seed S] [--store sqlite|postgres] [--messages M] [--history FILE]`.
 *
 * The run's history goes to a file, one event a line, and is judged as a simulated one is; `--judge FILE` judges it
 * again. Nothing that was started stays behind, though it is cut short by Ctrl-C.
 *
 * @module
 */
import { check, type HistoryEvent } from "@claudemesh/testkit/simulation"
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Console, Effect } from "effect"
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { type ChaosOptions, drawStrikes } from "./chaos/plan.ts"
import { type Progress, runChaos } from "./chaos/run.ts"
import { failuresOf, summaryOf } from "./chaos/summary.ts"

/** Messages for each kill, where nobody says otherwise. */
const MESSAGES_PER_KILL = 20

const PROGRESS_EVERY_MILLIS = 60_000

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "20" },
    seed: { type: "string", default: String(Date.now()) },
    store: { type: "string", default: "sqlite" },
    messages: { type: "string" },
    history: { type: "string" },
    judge: { type: "string" }
  }
})

if (values.judge === undefined) {
  NodeRuntime.runMain(Effect.scoped(Effect.provide(run(optionsOf()), NodeServices.layer)))
} else judgeAgain(values.judge)

function optionsOf(): ChaosOptions {
  const kills = wholeNumber("--kills", values.kills)
  const { seed, store } = values
  if (store !== "sqlite" && store !== "postgres") {
    complain(`Cannot keep anything in "${store}": --store is sqlite or postgres`)
  }
  const messages = values.messages === undefined
    ? kills * MESSAGES_PER_KILL
    : wholeNumber("--messages", values.messages)
  return { seed, kills, messages, store }
}

function run(options: ChaosOptions) {
  return Effect.gen(function*() {
    const directory = yield* Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "cm-chaos-"))),
      (path) => Effect.sync(() => rmSync(path, { recursive: true, force: true }))
    )
    const strikes = drawStrikes(options).length
    yield* Console.log(
      `seed ${options.seed}: ${options.kills} kills, ${strikes - options.kills} other faults, ` +
        `${options.messages} messages, broker on ${options.store}`
    )
    const result = yield* runChaos(options, { directory, onProgress: progressPrinter(strikes) })
    const file = values.history ?? `${directory}.ndjson`
    writeFileSync(file, result.history.map((event) => `${JSON.stringify(event)}\n`).join(""))
    const failures = failuresOf(result, check(result.history))
    yield* Console.log([...summaryOf(result, failures), `history: ${file}`].join("\n"))
    if (failures.length > 0) report(failures, { directory, options })
  })
}

/** What it takes to find out why: what was broken, the logs and databases, and how to have it again. */
function report(
  failures: ReadonlyArray<string>,
  { directory, options }: { readonly directory: string; readonly options: ChaosOptions }
): void {
  complainOf(failures)
  const kept = `${directory}-failed`
  cpSync(directory, kept, { recursive: true, filter: (path) => !path.endsWith(".sock") })
  console.error(`logs and databases: ${kept}`)
  console.error(`again: npm run chaos -- ${againWith(options)}`)
}

function againWith({ kills, messages, seed, store }: ChaosOptions): string {
  return `--kills ${kills} --seed ${seed} --store ${store} --messages ${messages}`
}

function progressPrinter(strikes: number): (progress: Progress) => void {
  let printedAt = performance.now()
  return (progress) => {
    if (performance.now() - printedAt < PROGRESS_EVERY_MILLIS) return
    printedAt = performance.now()
    console.log(
      `  fault ${progress.strikes} of ${strikes}, ${progress.accepted} of ${progress.asked} messages accepted`
    )
  }
}

function judgeAgain(file: string): void {
  const history = readFileSync(file, "utf8").trimEnd().split("\n")
    .map((line): HistoryEvent => JSON.parse(line))
  const broken = check(history).map(({ at, guarantee, what }) =>
    `${guarantee} at ${(at / 1_000).toFixed(3)} s: ${what}`
  )
  console.log(`${history.length} events, ${broken.length} violations`)
  if (broken.length > 0) complainOf(broken)
}

/** The first ones say it all. */
const FAILURES_SHOWN_MAX = 20

function complainOf(failures: ReadonlyArray<string>): void {
  for (const failure of failures.slice(0, FAILURES_SHOWN_MAX)) console.error(failure)
  if (failures.length > FAILURES_SHOWN_MAX) {
    console.error(`and ${failures.length - FAILURES_SHOWN_MAX} more`)
  }
  process.exitCode = 1
}

function wholeNumber(option: string, text: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number > 0) return number
  return complain(`Cannot take "${text}" for ${option}: a whole number above 0 works`)
}

function complain(message: string): never {
  console.error(message)
  process.exit(2)
}
