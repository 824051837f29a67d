/**
 * Tells which processes of this machine run, and when each started, so that a pid which was given to
 * another process is noticed.
 *
 * @module
 */
import { NodeFileSystem, NodeServices } from "@effect/platform-node"
import { Context, Effect, FileSystem, Layer, type PlatformError } from "effect"
import { ChildProcess, ChildProcessSpawner } from "effect/process"

/** When a process started, in a form that is only good for comparing. */
export type ProcessMark = string

/** How long `ps` may take. */
const PS_TIMEOUT = "5 seconds"

/** The processes of this machine. */
export class ProcessTable extends Context.Service<ProcessTable, {
  /** The marks of those that run; one that has ended is not among them. One look for all. */
  readonly marks: (pids: ReadonlyArray<number>) => Effect.Effect<ReadonlyMap<number, ProcessMark>>
}>()("@claudemesh/daemon/sessions/process_table/ProcessTable") {
  /** Reads `/proc` where there is one, and asks `ps` elsewhere. */
  static readonly layer: Layer.Layer<ProcessTable> = Layer.unwrap(
    Effect.sync(() => process.platform === "linux" ? layerProc : layerPs)
  )
}

/** Where the kernel says which of its boots this is: after another one, old marks fit nothing. */
const BOOT_ID = "/proc/sys/kernel/random/boot_id"

/** Reads Linux's `/proc`. */
export const layerProc: Layer.Layer<ProcessTable> = Layer.effect(
  ProcessTable,
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const boot = (yield* Effect.orDie(fs.readFileString(BOOT_ID))).trim()

    const marks = Effect.fn("ProcessTable.marks")(function*(pids: ReadonlyArray<number>) {
      const found = yield* Effect.forEach(
        pids,
        (pid) =>
          fs.readFileString(`/proc/${pid}/stat`).pipe(
            Effect.map((stat) => [pid, startTicks(stat)] as const),
            Effect.catchIf(isGone, () => Effect.succeed([pid, undefined] as const)),
            Effect.orDie
          ),
        { concurrency: 16 }
      )
      return new Map(
        found.flatMap(([pid, ticks]) => ticks === undefined ? [] : [[pid, `${boot}:${ticks}`]])
      )
    })

    return ProcessTable.of({ marks })
  })
).pipe(Layer.provide(NodeFileSystem.layer))

/** A process may end between the opening of its file (`ENOENT`) and the reading (`ESRCH`). */
function isGone({ reason }: PlatformError.PlatformError): boolean {
  return reason._tag === "NotFound" || String(reason.cause).includes("ESRCH")
}

/** The ticks from boot to start; nothing for a zombie. The name before them may hold anything. */
export function startTicks(stat: string): string | undefined {
  const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
  return state === "Z" || state === "X" ? undefined : fields[18]
}

/** Asks `ps`, in one call. */
export const layerPs: Layer.Layer<ProcessTable> = Layer.effect(
  ProcessTable,
  Effect.gen(function*() {
    const spawner = yield* ChildProcessSpawner.ChildProcessSpawner

    const marks = Effect.fn("ProcessTable.marks")(function*(pids: ReadonlyArray<number>) {
      if (pids.length === 0) return new Map<number, ProcessMark>()
      const ps = ChildProcess.make("ps", ["-o", "pid=,state=,lstart=", "-p", pids.join(",")], {
        // A mark must not change with the user's language or time zone.
        env: { LC_ALL: "C", TZ: "UTC" },
        extendEnv: true
      })
      return marksIn(yield* spawner.lines(ps).pipe(Effect.timeout(PS_TIMEOUT), Effect.orDie))
    })

    return ProcessTable.of({ marks })
  })
).pipe(Layer.provide(NodeServices.layer))

/** What `ps` says: ` 123 S  Tue Nov 24 05:30:00 2026`. */
export function marksIn(lines: ReadonlyArray<string>): ReadonlyMap<number, ProcessMark> {
  return new Map(lines.flatMap((line) => {
    const [, pid, state, start] = /^\s*(\d+)\s+(\S+)\s+(.*\S)/.exec(line) ?? []
    return start === undefined || state?.startsWith("Z") === true ? [] : [[Number(pid), start]]
  }))
}
