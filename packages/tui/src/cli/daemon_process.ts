/**
 * Starts the daemon as a process of its own, alone or with a broker, which outlives the terminal that first needed it.
 *
 * @module
 */
import { Home, homeDirectory } from "@claudemesh/daemon"
import { errorTable, type Refused, refused } from "@claudemesh/protocol/errors"
import { Config, Context, Effect, FileSystem, Layer, Option } from "effect"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- Effect's processes end with their scope
import { type ChildProcess, spawn } from "node:child_process"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- the child inherits the open file
import { closeSync, openSync } from "node:fs"
import { EXECUTABLE } from "../executable.ts"
import { lastLine, putAside } from "./log_file.ts"

/** What a daemon may know of the environment it is started from: no secret is among it. */
const ENVIRONMENT = [
  "PATH HOME USER LOGNAME LANG LC_ALL LC_CTYPE TZ TMPDIR XDG_RUNTIME_DIR NODE_EXTRA_CA_CERTS",
  "CLAUDEMESH_HOME CLAUDEMESH_SOCKET HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy"
].flatMap((names) => names.split(" "))

/** How long the daemon that has the lock may take to answer: less than verbs wait for one. */
const HOLDER_ANSWERS_WITHIN = "6 seconds"

/** A process that was started. */
interface OnItsWay {
  readonly ended: Effect.Effect<never, Refused>
}

export class DaemonProcess extends Context.Service<DaemonProcess, {
  /** Where its log is. */
  readonly log: string
  /**
   * Starts it. It is on its way when this returns; `ended` refuses with `daemon_start_failed` and the
   * daemon's last words, should it end by itself.
   */
  readonly start: Effect.Effect<OnItsWay, Refused>
  /** The same with a broker of this home's own beside it, and a first mesh there. */
  readonly startUp: Effect.Effect<OnItsWay, Refused>
}>()("@claudemesh/tui/cli/daemon_process/DaemonProcess") {
  static readonly layer = Layer.effect(
    DaemonProcess,
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const { directory, socket } = yield* Effect.orDie(homeDirectory)
      const environment = yield* Effect.orDie(inherited)
      const log = `${directory}/log/daemon.log`
      const prepareHome = Effect.scoped(Layer.build(Home.layer(directory, socket)))
      const withFiles = Effect.provideService(FileSystem.FileSystem, fs)

      const spawned = Effect.fnUntraced(function*(started: Omit<Detached, "environment">) {
        yield* prepareHome
        yield* putAside(started.log)
        return yield* Effect.try({
          try: () => spawnDetached({ ...started, environment }),
          catch: (cause) => startFailed(String(cause), started.log)
        })
      })

      const start = Effect.gen(function*() {
        const child = yield* spawned({ words: ["daemon", "run"], log, reports: "to_log" })
        const ended = Effect.flatMap(
          exitOf(child),
          (code) =>
            code === errorTable.home_locked.exit
              // Another verb was faster: its daemon has the lock, and will answer. Else its process is named.
              ? Effect.delay(Effect.fail(holderSilent(directory)), HOLDER_ANSWERS_WITHIN)
              : failWithLast(log)
        )
        return { ended: withFiles(ended) }
      }).pipe(withFiles, Effect.withSpan("DaemonProcess.start"))

      const startUp = Effect.gen(function*() {
        // Its daemon writes to the other one. What it reports holds an invite, which belongs in no log.
        const log = `${directory}/log/up.log`
        const child = yield* spawned({ words: ["up"], log, reports: "nowhere" })
        return { ended: withFiles(Effect.andThen(exitOf(child), failWithLast(log))) }
      }).pipe(withFiles, Effect.withSpan("DaemonProcess.startUp"))

      return DaemonProcess.of({ log, start, startUp })
    })
  )
}

const inherited = Config.all(
  ENVIRONMENT.map((name) =>
    Config.option(Config.String(name)).pipe(Config.map((value) => [name, value] as const))
  )
).pipe(
  Config.map((settings) =>
    Object.fromEntries(
      settings.flatMap(([name, value]) => Option.toArray(value).map((value) => [name, value]))
    )
  )
)

interface Detached {
  readonly words: ReadonlyArray<string>
  readonly log: string
  readonly reports: "to_log" | "nowhere"
  readonly environment: Readonly<Record<string, string>>
}

function spawnDetached({ environment, log, reports, words }: Detached): ChildProcess {
  const file = openSync(log, "a", 0o600)
  try {
    const child = spawn(process.execPath, [EXECUTABLE, ...words], {
      cwd: "/",
      detached: true,
      env: { ...environment },
      stdio: ["ignore", reports === "to_log" ? file : "ignore", file]
    })
    child.unref()
    return child
  } finally {
    closeSync(file)
  }
}

function exitOf(child: ChildProcess): Effect.Effect<number | null> {
  return Effect.callback((resume) => {
    if (child.exitCode !== null) return resume(Effect.succeed(child.exitCode))
    child.once("exit", (code) => resume(Effect.succeed(code)))
    child.once("error", () => resume(Effect.succeed(null)))
  })
}

/** Which process it is `status` says, and `daemon stop` ends it. */
function holderSilent(directory: string): Refused {
  return refused(
    "home_locked",
    `Cannot start the daemon: one holds "${directory}" that does not answer`
  )
}

function failWithLast(log: string) {
  return Effect.flatMap(lastLine(log), (words) => Effect.fail(startFailed(words, log)))
}

function startFailed(words: string, log: string): Refused {
  return refused("daemon_start_failed", `Cannot start the daemon: ${words}; its log is ${log}`)
}
