/**
 * Lets the simulator look for one planted mutant, and says on which seed it was found.
 *
 * @module
 */
import type { Mode } from "@claudemesh/testkit/simulation"
import { fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import type { Outcome } from "../simulate/worker.ts"

/** Seeds within which each must be found. */
export const SEEDS_MAX = 1_000

/** How the hunt for one mutant ended. */
export interface Hunt {
  readonly mutant: string
  /** The runs it took; nothing if it was not found. */
  readonly found: { readonly runs: number; readonly outcome: Outcome } | undefined
  /** Why it could not be looked for, such as a text that is not there any more. */
  readonly failure: string | undefined
}

const WORKER = fileURLToPath(new URL("../simulate/worker.ts", import.meta.url))
const PLANT = new URL("plant.ts", import.meta.url).href

const MODES: ReadonlyArray<Mode> = ["safety", "liveness"]

/** Looks for it. */
export function hunt(mutant: string): Promise<Hunt> {
  return new Promise((resolve) => {
    const worker = fork(WORKER, ["0", `${SEEDS_MAX}`, "1", ...MODES], {
      env: { ...process.env, MUTANT: mutant },
      execArgv: [...process.execArgv, "--import", PLANT],
      stdio: ["ignore", "ignore", "pipe", "ipc"]
    })
    let runs = 0
    let errors = ""
    worker.stderr?.on("data", (text) => {
      errors += String(text)
    })
    worker.on("message", (outcome: Outcome) => {
      runs++
      if (outcome.violations.length === 0) return
      resolve({ mutant, found: { runs, outcome }, failure: undefined })
      worker.kill()
    })
    worker.on("exit", (code) => {
      const failure = code === 0
        ? undefined
        : errors.split("\n").find((line) => line.includes("Error:"))
      resolve({ mutant, found: undefined, failure })
    })
  })
}
