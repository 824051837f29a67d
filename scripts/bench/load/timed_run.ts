/**
 * Runs a program of ours once, as an agent's client or a person would, and says how long that took.
 *
 * @module
 */
import { Effect } from "effect"
import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"

/** What to run with this Node. */
export interface Run {
  readonly args: ReadonlyArray<string>
  readonly env: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly stdin?: string | undefined
}

/** A process that has answered. */
export interface Answered {
  readonly millis: number
  /** What of it is in memory once it does nothing; nothing where the system does not say. */
  readonly memory: Memory | undefined
}

/** Resident memory in KiB: all of it, and what is not from files that are shared. */
export interface Memory {
  readonly rss: number
  readonly anonymous: number
}

/** How long a process is left alone before its memory is looked at. */
const SETTLES_IN = "500 millis"

/** Milliseconds since 1970, with what is below one. */
export function wallMillis(): number {
  return performance.timeOrigin + performance.now()
}

/** From the start of a process to its end, which must be a good one. */
export function timedRun(run: Run): Effect.Effect<number> {
  return Effect.callback((resume) => {
    const began = performance.now()
    const child = started(run)
    let errors = ""
    child.stderr.on("data", (chunk) => {
      errors += String(chunk)
    })
    child.stdout.resume()
    child.stdin.end(run.stdin ?? "")
    child.once("close", (code) => {
      const took = performance.now() - began
      const failed = `"${run.args.join(" ")}" ended with ${code}: ${errors}`
      resume(code === 0 ? Effect.succeed(took) : Effect.die(new Error(failed)))
    })
    return Effect.sync(() => child.kill())
  })
}

/** From the start of a process to the line with which it answers what is written to it. */
export function timedAnswer(run: Run, answers: (line: string) => boolean): Effect.Effect<Answered> {
  const child = Effect.acquireRelease(
    Effect.sync(() => ({ began: performance.now(), process: started(run) })),
    ({ process }) =>
      Effect.callback<void>((resume) => {
        process.once("close", () => resume(Effect.void))
        process.stdin.end()
        if (process.exitCode !== null || process.signalCode !== null) resume(Effect.void)
      })
  )
  return Effect.scoped(Effect.gen(function*() {
    const { began, process } = yield* child
    process.stdin.write(run.stdin ?? "")
    process.stderr.resume()
    yield* lineOf(process.stdout, answers)
    const millis = performance.now() - began
    yield* Effect.sleep(SETTLES_IN)
    return { millis, memory: memoryOf(process.pid) }
  }))
}

function started({ args, cwd, env }: Run) {
  return spawn(process.execPath, [...args], { cwd, env: { ...env }, stdio: "pipe" })
}

function lineOf(output: NodeJS.ReadableStream, fits: (line: string) => boolean) {
  return Effect.callback<void>((resume) => {
    let text = ""
    output.on("data", (chunk) => {
      text += String(chunk)
      if (text.split("\n").slice(0, -1).some(fits)) resume(Effect.void)
    })
    output.once("end", () => resume(Effect.die(new Error(`It ended with "${text}"`))))
  })
}

function memoryOf(pid: number | undefined): Memory | undefined {
  if (process.platform !== "linux") return undefined
  const status = readFileSync(`/proc/${pid}/status`, "utf8")
  const [rss, anonymous] = ["VmRSS", "RssAnon"].map((name) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1] ?? Number.NaN)
  )
  return { rss: rss ?? Number.NaN, anonymous: anonymous ?? Number.NaN }
}
