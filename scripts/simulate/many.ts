/**
 * Runs many seeds in a few processes, and tells how that went.
 *
 * @module
 */
import { fork } from "node:child_process"
import type { Asked } from "./arguments.ts"
import type { Outcome } from "./worker.ts"

/** What came of all of them. */
export interface Sum {
  readonly runs: number
  readonly events: number
  readonly seconds: number
  readonly failed: ReadonlyArray<Outcome>
}

const WORKER = new URL("worker.ts", import.meta.url)

/** Every so many seeds one is run with real keys. */
const REAL_EVERY = 100

/** Effect notes where each of its functions is called from, a tenth of a run's time; a run with `--trace` tells it. */
const WITHOUT_STACKS = [...process.execArgv, "--stack-trace-limit=0"]

/** Failures after which it is no use to go on. */
const FAILURES_MAX = 10

/** Runs them; `onOutcome` hears of each. */
export async function runMany(
  asked: Extract<Asked, { readonly type: "many" }>,
  onOutcome: (outcome: Outcome, runs: number) => void
): Promise<Sum> {
  const began = performance.now()
  const failed: Array<Outcome> = []
  let [runs, events] = [0, 0]
  const workers = Array.from({ length: Math.min(asked.workers, asked.seeds) }, (_, nth) => {
    const share = [asked.from + nth, asked.from + asked.seeds, asked.workers].map(String)
    return fork(WORKER, [...share, ...asked.modes], { execArgv: WITHOUT_STACKS })
  })
  workers.push(forkReal(asked))
  const ended = workers.map((worker) =>
    new Promise<void>((resolve) => {
      worker.on("message", (outcome: Outcome) => {
        runs++
        events += outcome.events
        if (outcome.violations.length > 0) failed.push(outcome)
        onOutcome(outcome, runs)
        if (failed.length >= FAILURES_MAX) { for (const one of workers) one.kill() }
      })
      worker.on("exit", (code) => {
        if (code !== 0 && failed.length < FAILURES_MAX) failed.push(brokenWorker(code))
        resolve()
      })
    })
  )
  await Promise.all(ended)
  return { runs, events, failed, seconds: (performance.now() - began) / 1_000 }
}

/** Keys that are symbols cost little and say as much about delivery; a few seeds are run with real ones as well. */
function forkReal({ from, modes, seeds }: Extract<Asked, { readonly type: "many" }>) {
  const share = [from, from + seeds, REAL_EVERY].map(String)
  return fork(WORKER, [...share, ...modes], { execArgv: [] })
}

function brokenWorker(code: number | null): Outcome {
  const violations = [`a worker ended with ${code ?? "a signal"}`]
  return { seed: "?", mode: "safety", violations, events: 0 }
}
