/**
 * Starts, stops, crashes and freezes a Postgres server whose files lie in a directory.
 *
 * @module
 */
import { Effect, Schedule, Scope } from "effect"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- its helpers are found as a shell would
import { spawnSync } from "node:child_process"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- the server writes down how it fares
import { readFileSync } from "node:fs"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- as above
import { join } from "node:path"
import { type ProcessUser, type RealProcess, startProcess } from "./real_process.ts"

/** How it ends: `fast` cuts the sessions and writes everything, `immediate` is a crash, and the next start recovers. */
export type PostgresEnding = "fast" | "immediate"

/** What runs it, where, and how. */
export interface PostgresServerOptions {
  /** The directory of its programs. */
  readonly binaries: string
  readonly dataDirectory: string
  readonly user: ProcessUser | undefined
  /** Beyond those of its files: lines of `postgresql.conf`. */
  readonly settings: Readonly<Record<string, string>>
}

/** A server, whether it runs or not. */
export interface PostgresServer {
  /** Starts it, if it does not run, and waits until it takes connections. */
  readonly start: Effect.Effect<void>
  readonly stop: (ending: PostgresEnding) => Effect.Effect<void>
  readonly restart: (ending: PostgresEnding) => Effect.Effect<void>
  /** Freezes it with all its sessions, or lets them go on. */
  readonly freeze: (frozen: boolean) => Effect.Effect<void>
  readonly isRunning: () => boolean
}

/** How long a start may take, recovery included. */
const START_WITHIN = "60 seconds"

const SIGNALS = { fast: "SIGINT", immediate: "SIGQUIT" } as const

/** A server that is not started yet; with the scope it crashes. */
export const makePostgresServer = Effect.fnUntraced(function*(
  options: PostgresServerOptions
): Effect.fn.Return<PostgresServer, never, Scope.Scope> {
  const scope = yield* Effect.scope
  const command = {
    command: join(options.binaries, "postgres"),
    args: ["-D", options.dataDirectory, ...flagsOf(options.settings)],
    env: { LC_ALL: "C" },
    user: options.user
  }
  let running: RealProcess | undefined
  let isFrozen = false

  const freeze = Effect.fnUntraced(function*(frozen: boolean) {
    isFrozen = frozen
    if (running !== undefined) signalAll(running, frozen ? "SIGSTOP" : "SIGCONT")
  })

  const stop = Effect.fnUntraced(function*(ending: PostgresEnding) {
    const server = running
    if (server?.isRunning() !== true) return
    // One that is frozen would not hear of it.
    if (isFrozen) yield* freeze(false)
    running = undefined
    yield* server.end(SIGNALS[ending])
  })

  const start = Effect.gen(function*() {
    if (running?.isRunning() === true) return
    const server = yield* Effect.provideService(startProcess(command), Scope.Scope, scope)
    // Ended first: killed without warning, it leaves children that go on for a while.
    yield* Scope.addFinalizer(scope, stop("immediate"))
    running = server
    yield* untilReady(options, server)
  })

  return {
    start,
    stop,
    restart: (ending) => Effect.andThen(stop(ending), start),
    freeze,
    isRunning: () => running?.isRunning() === true
  }
})

function flagsOf(settings: Readonly<Record<string, string>>): ReadonlyArray<string> {
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])
}

function untilReady(
  { dataDirectory }: PostgresServerOptions,
  server: RealProcess
): Effect.Effect<void> {
  const file = join(dataDirectory, "postmaster.pid")
  const complain = Effect.flatMap(
    server.output,
    (said) => Effect.die(new Error(`Postgres does not start: ${said}`))
  )
  return Effect.suspend(() =>
    server.isRunning() ? Effect.succeed(isReady(file, server.pid)) : complain
  ).pipe(
    Effect.repeat({ schedule: Schedule.spaced("10 millis"), until: (ready) => ready }),
    Effect.timeoutOrElse({ duration: START_WITHIN, orElse: () => complain })
  )
}

/** The first line is the process, the eighth how it fares; the file of an earlier run says nothing. */
function isReady(file: string, pid: number): boolean {
  try {
    const lines = readFileSync(file, "utf8").split("\n")
    return lines[0] === String(pid) && lines[7]?.trim() === "ready"
  } catch {
    return false
  }
}

/** Its sessions are processes of their own, and may end meanwhile. */
function signalAll({ pid }: RealProcess, name: NodeJS.Signals): void {
  const children = spawnSync("pgrep", ["-P", String(pid)], { encoding: "utf8" }).stdout
  spawnSync("kill", [`-${name.slice("SIG".length)}`, String(pid), ...children.split(/\s+/)])
}
