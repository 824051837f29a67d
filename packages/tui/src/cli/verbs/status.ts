/**
 * `claudemesh status`: what runs and how it fares. It answers whether the daemon runs or not.
 *
 * Ends with 7 where no daemon runs, with 8 where a mesh cannot reach its broker.
 *
 * @module
 */
import { homeDirectory } from "@claudemesh/daemon"
import { errorTable } from "@claudemesh/protocol/errors"
import { Effect, Option } from "effect"
import { Command } from "effect/cli"
import { EndedWith } from "../failure.ts"
import { isNotRunning, LocalDaemon } from "../local_daemon.ts"
import { Output } from "../output.ts"
import { type DaemonView, status as report } from "../reports/daemon.ts"
import { declared } from "../verb.ts"

const NOT_RUNNING =
  "No daemon runs: claudemesh up starts all there is, claudemesh daemon start the daemon alone"

const UNREACHABLE =
  "A daemon holds this home and does not answer: it is just starting, or its socket was deleted"

export const status = Command.make(
  "status",
  {},
  Effect.fn("status")(function*() {
    const view = yield* daemonView
    const exit = exitOfView(view)
    yield* (yield* Output).print(report, view, {
      warnings: warningsOf(view),
      next: nextOf(view)
    })
    if (exit !== 0) return yield* new EndedWith({ exit })
  })
).pipe(
  declared({
    description: "Show what runs, and how every mesh is connected",
    examples: [
      { command: "claudemesh status", description: "At a glance" },
      { command: "claudemesh status --json meshes,health", description: "For a program" }
    ],
    report
  })
)

/** The daemon, there or not. */
export const daemonView = Effect.gen(function*() {
  const { holder, running } = yield* LocalDaemon
  const { directory, socket } = yield* Effect.orDie(homeDirectory)
  return yield* running.pipe(
    Effect.flatMap((daemon) => daemon.daemon.status({})),
    Effect.map((found): DaemonView => ({ ...found, running: true })),
    Effect.catchIf(isNotRunning, () =>
      Effect.map(holder, (found): DaemonView => {
        const pid = Option.getOrUndefined(found)?.pid
        const absent = { running: false, home: directory, socket } as const
        return Option.isNone(found)
          ? absent
          : { ...absent, unreachable: pid === undefined ? {} : { pid } }
      }))
  )
})

/** The exit code that a state stands for. */
export function exitOfView(view: DaemonView): number {
  if (!view.running) return errorTable.daemon_not_running.exit
  const cut = view.meshes.some(({ link }) => link.state === "offline" || link.state === "refused")
  return cut ? errorTable.broker_unreachable.exit : 0
}

function warningsOf(view: DaemonView): ReadonlyArray<string> {
  if (view.running) return []
  return [view.unreachable === undefined ? NOT_RUNNING : UNREACHABLE]
}

function nextOf(view: DaemonView) {
  if (!view.running && view.unreachable !== undefined) {
    return [{ cmd: "claudemesh daemon stop", why: "end it; the next verb starts another" }]
  }
  if (!view.running) {
    return [
      { cmd: "claudemesh up", why: "a broker of your own, the daemon and a first mesh" },
      { cmd: "claudemesh daemon start", why: "only the daemon" }
    ]
  }
  return view.meshes.length > 0
    ? []
    : [{ cmd: "claudemesh up", why: "a first mesh; or: claudemesh join LINK" }]
}
