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
  | { readonly type: "scenario"; readonly entry: string; readonly isTraced: boolean }
  | { readonly type: "crash_points"; readonly stride: number; readonly pairs: number }

/** How it is used. */
export const USAGE = `Usage:
  npm run simulate -- --seeds N [--from S] [--mode safety|liveness] [--workers W]
  npm run simulate -- --seed S [--mode safety|liveness] [--trace]
  npm run simulate -- --plan FILE [--trace]
  npm run simulate -- --scenario P4 [--trace]
  npm run simulate -- --crash-points [--stride N] [--pairs N]`

const MODES = ["safety", "liveness"] as const

/** Reads the arguments, or says what is wrong with them. */
export function readArguments(args: ReadonlyArray<string>, cores: number): Asked | string {
  const read = parsed(args)
  if (typeof read === "string") return read
  const modes = MODES.filter((mode) => read.mode === undefined || read.mode === mode)
  const [mode] = modes
  if (mode === undefined) return `Cannot run mode "${read.mode}": ${MODES.join(" and ")} work`
  const one = oneOf(read, mode)
  if (one !== undefined) return one
  const numbers = numbersOf(read, cores)
  if (typeof numbers === "string") return numbers
  const { from, pairs, seeds, stride, workers } = numbers
  return read["crash-points"] === true
    ? { type: "crash_points", stride, pairs }
    : { type: "many", seeds, from, workers, modes }
}

function oneOf(
  { plan, scenario, seed, trace: isTraced = false }: Read,
  mode: Mode
): Asked | undefined {
  if (plan !== undefined) return { type: "plan", path: plan, isTraced }
  if (scenario !== undefined) return { type: "scenario", entry: scenario, isTraced }
  if (seed !== undefined) return { type: "one", seed, mode, isTraced }
  return undefined
}

type Read = Exclude<ReturnType<typeof parsed>, string>

/** What is a whole number: what it is if nothing is said, and the least it may be. */
const NUMBERS = {
  seeds: { usual: 300, least: 1 },
  from: { usual: 0, least: 0 },
  workers: { usual: undefined, least: 1 },
  stride: { usual: 1, least: 1 },
  pairs: { usual: 0, least: 0 }
}

type NumberName = keyof typeof NUMBERS

function numbersOf(
  read: Read,
  cores: number
): Readonly<Record<NumberName, number>> | string {
  const numbers = { seeds: 0, from: 0, workers: 0, stride: 0, pairs: 0 }
  for (const name of ["seeds", "from", "workers", "stride", "pairs"] as const) {
    const { least, usual = cores } = NUMBERS[name]
    numbers[name] = Number(read[name] ?? usual)
    if (!Number.isSafeInteger(numbers[name]) || numbers[name] < least) {
      return `Cannot use --${name} "${read[name]}": a whole number from ${least} works`
    }
  }
  return numbers
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
        scenario: text,
        stride: text,
        pairs: text,
        "crash-points": { type: "boolean" },
        trace: { type: "boolean" }
      }
    }).values
  } catch (thrown) {
    return `Cannot read the arguments: ${
      thrown instanceof Error ? thrown.message : String(thrown)
    }\n${USAGE}`
  }
}
