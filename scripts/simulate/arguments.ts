/**
 * What a person asks of the simulator on the command line.
 *
 * @module
 */
import type { Mode } from "@claudemesh/testkit/simulation"
import { parseArgs } from "node:util"

/** What to run. */
export type Asked =
  | {
    readonly type: "many"
    readonly seeds: number
    readonly from: number
    readonly modes: ReadonlyArray<Mode>
    readonly workers: number
  }
  | { readonly type: "one"; readonly seed: string; readonly mode: Mode; readonly isTraced: boolean }
  | { readonly type: "plan"; readonly path: string; readonly isTraced: boolean }

/** How it is used. */
export const USAGE = `Usage:
  npm run simulate -- --seeds N [--from S] [--mode safety|liveness] [--workers W]
  npm run simulate -- --seed S [--mode safety|liveness] [--trace]
  npm run simulate -- --plan FILE [--trace]`

const MODES = ["safety", "liveness"] as const

/** Reads the arguments, or says what is wrong with them. */
export function readArguments(args: ReadonlyArray<string>, cores: number): Asked | string {
  const read = parsed(args)
  if (typeof read === "string") return read
  const { from = "0", mode, plan, seed, seeds = "300", trace = false, workers = `${cores}` } = read
  const known = MODES.find((one) => one === mode)
  if (mode !== undefined && known === undefined) {
    return `Cannot run mode "${mode}": ${MODES.join(" and ")} work`
  }
  if (plan !== undefined) return { type: "plan", path: plan, isTraced: trace }
  if (seed !== undefined) return { type: "one", seed, mode: known ?? "safety", isTraced: trace }
  const numbers = { seeds: Number(seeds), from: Number(from), workers: Number(workers) }
  const wrong = Object.entries(numbers).find(([name, value]) =>
    !Number.isSafeInteger(value) || value < (name === "from" ? 0 : 1)
  )
  if (wrong !== undefined) {
    return `Cannot use --${wrong[0]} "${read[keyOf(wrong[0])]}": a whole number works`
  }
  return { type: "many", ...numbers, modes: known === undefined ? MODES : [known] }
}

function keyOf(name: string): "seeds" | "from" | "workers" {
  return name === "seeds" || name === "from" ? name : "workers"
}

function parsed(args: ReadonlyArray<string>) {
  try {
    const text = { type: "string" } as const
    return parseArgs({
      args: [...args],
      options: {
        seeds: text,
        from: text,
        mode: text,
        seed: text,
        plan: text,
        workers: text,
        trace: { type: "boolean" }
      }
    }).values
  } catch (thrown) {
    return `Cannot read the arguments: ${
      thrown instanceof Error ? thrown.message : String(thrown)
    }\n${USAGE}`
  }
}
