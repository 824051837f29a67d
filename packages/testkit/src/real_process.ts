/**
 * Child processes that a test starts, kills without warning, and starts again.
 *
 * Whatever is still running when the scope closes is killed, so that a failed
 * test leaves nothing behind.
 *
 * @module
 */
import { Effect, Option, type Scope } from "effect"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- kill -9 at any moment is the point
import { type ChildProcess, spawn } from "node:child_process"

/** What to run. */
export interface ProcessOptions {
  readonly command: string
  readonly args: ReadonlyArray<string>
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>
  /** Who it runs as, if not as who runs the test; only root may choose. */
  readonly user?: ProcessUser | undefined
}

/** A user of the system, by number. */
export interface ProcessUser {
  readonly uid: number
  readonly gid: number
}

/** A child process. */
export interface RealProcess {
  readonly pid: number
  /** Ends it with a signal and waits until it is gone; its exit code, if it had the time for one. */
  readonly end: (
    signal: "SIGKILL" | "SIGTERM" | "SIGINT" | "SIGQUIT"
  ) => Effect.Effect<Option.Option<number>>
  /** Waits until it is gone by itself; its exit code, if it has one. */
  readonly exit: Effect.Effect<Option.Option<number>>
  readonly isRunning: () => boolean
  /** What it has written so far, both streams together. */
  readonly output: Effect.Effect<string>
}

/** Starts a process; the scope's end kills it. */
export function startProcess(
  options: ProcessOptions
): Effect.Effect<RealProcess, never, Scope.Scope> {
  return Effect.acquireRelease(Effect.sync(() => start(options)), ({ end }) => end("SIGKILL"))
}

function start({ args, command, env, user }: ProcessOptions): RealProcess {
  const child = spawn(command, [...args], {
    env: { ...env },
    stdio: ["ignore", "pipe", "pipe"],
    ...user
  })
  let written = ""
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      written += chunk.toString()
    })
  }
  const exit = exitOf(child)
  return {
    pid: child.pid ?? 0,
    end: (signal) =>
      Effect.suspend(() => {
        child.kill(signal)
        return exit
      }),
    exit,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    output: Effect.sync(() => written)
  }
}

function exitOf(child: ChildProcess): Effect.Effect<Option.Option<number>> {
  return Effect.callback((resume) => {
    const code = Effect.sync(() => Option.fromNullishOr(child.exitCode))
    if (child.exitCode !== null || child.signalCode !== null) return resume(code)
    child.once("close", () => resume(code))
  })
}
