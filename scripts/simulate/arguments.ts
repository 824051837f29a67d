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
  | { readonly type: "crash_points"; readonly stride: number }

/** How it is used. */
export const USAGE = `Usage:
  npm run simulate -- --seeds N [--from S] [--mode safety|liveness] [--workers W]
  npm run simulate -- --seed S [--mode safety|liveness] [--trace]
  npm run simulate -- --plan FILE [--trace]
  npm run simulate -- --scenario P4 [--trace]
  npm run simulate -- --crash-points [--stride N]`

const MODES = ["safety", "liveness"] as const

/** Reads the arguments, or says what is wrong with them. */
export function readArguments(args: ReadonlyArray<string>, cores: number): Asked | string {
  const read = parsed(args)
  if (typeof read === "string") return read
  const { mode, plan, scenario, seed, trace: isTraced = false } = read
  const known = MODES.find((one) => one === mode)
  if (mode !== undefined && known === undefined) {
    return `Cannot run mode "${mode}": ${MODES.join(" and ")} work`
  }
  if (plan !== undefined) return { type: "plan", path: plan, isTraced }
  if (scenario !== undefined) return { type: "scenario", entry: scenario, isTraced }
  if (seed !== undefined) return { type: "one", seed, mode: known ?? "safety", isTraced }
  return counted(read, { cores, modes: known === undefined ? MODES : [known] })
}

interface Numbers {
  readonly seeds?: string | undefined
  readonly from?: string | undefined
  readonly workers?: string | undefined
  readonly stride?: string | undefined
  readonly "crash-points"?: boolean | undefined
}

function counted(
  { from = "0", seeds = "300", stride = "1", workers, ...read }: Numbers,
  { cores, modes }: { readonly cores: number; readonly modes: ReadonlyArray<Mode> }
): Asked | string {
  const texts = { seeds, from, stride, workers: workers ?? `${cores}` }
  for (const [name, text] of Object.entries(texts)) {
    const least = name === "from" ? 0 : 1
    if (!Number.isSafeInteger(Number(text)) || Number(text) < least) {
      return `Cannot use --${name} "${text}": a whole number from ${least} works`
    }
  }
  if (read["crash-points"] === true) return { type: "crash_points", stride: Number(stride) }
  return {
    type: "many",
    seeds: Number(seeds),
    from: Number(from),
    workers: Number(texts.workers),
    modes
  }
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
