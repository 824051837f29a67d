/**
 * Reaches the daemon of this home, and starts it where a verb needs it.
 *
 * Two verbs that start one at the same time start two: the lock of the home lets one of them live, and
 * both verbs talk to that one.
 *
 * @module
 */
import { Daemon, daemonHolder, homeDirectory } from "@claudemesh/daemon"
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { Context, Effect, Layer, type Option, Schedule } from "effect"
import { DaemonProcess } from "./daemon_process.ts"

/** How long a daemon may take to answer for the first time. */
const START_SECONDS_MAX = 10

/** A process; only one that certainly is the daemon may be signalled. */
export interface Holder {
  readonly pid: number | undefined
  readonly isCertain: boolean
}

/** The daemon of this home. */
export class LocalDaemon extends Context.Service<LocalDaemon, {
  /** The daemon if it answers; else refuses with `daemon_not_running`. */
  readonly running: Effect.Effect<Daemon["Service"], Refused>
  /** The daemon as soon as it answers: for one that is on its way. */
  readonly answering: Effect.Effect<Daemon["Service"], Refused>
  /** The daemon, started first if it does not answer. */
  readonly started: Effect.Effect<Daemon["Service"], Refused>
  /** The daemon as one that serves this home's own broker too, and is in a mesh there: what `up` does, left running. */
  readonly up: Effect.Effect<Daemon["Service"], Refused>
  /** The process that has this home's lock, whether it answers or not: its socket may be gone. */
  readonly holder: Effect.Effect<Option.Option<Holder>>
}>()("@claudemesh/tui/cli/local_daemon/LocalDaemon") {
  static readonly layer: Layer.Layer<LocalDaemon, never, Daemon | DaemonProcess> = Layer.effect(
    LocalDaemon,
    Effect.gen(function*() {
      const daemon = yield* Daemon
      const process = yield* DaemonProcess
      const { directory } = yield* Effect.orDie(homeDirectory)

      const running = Effect.as(daemon.daemon.status({}), daemon)

      const answering = running.pipe(
        Effect.retry({ schedule: Schedule.spaced("40 millis"), while: isNotRunning }),
        Effect.timeoutOrElse({
          duration: `${START_SECONDS_MAX} seconds`,
          orElse: () => tooSlow(process.log)
        })
      )

      const started = Effect.catchIf(
        running,
        isNotRunning,
        () => Effect.flatMap(process.start, ({ ended }) => Effect.raceFirst(answering, ended))
      )

      const inMesh = daemon.meshes.list({}).pipe(
        Effect.map(({ items }) => items.length > 0),
        Effect.catchIf(isNotRunning, () => Effect.succeed(false)),
        Effect.repeat({ schedule: Schedule.spaced("40 millis"), until: (isIn) => isIn }),
        Effect.as(daemon),
        Effect.timeoutOrElse({
          duration: `${START_SECONDS_MAX} seconds`,
          orElse: () => tooSlow(process.log)
        })
      )

      const up = Effect.flatMap(
        process.startUp,
        ({ ended }) => Effect.raceFirst(inMesh, ended)
      )

      return LocalDaemon.of({ running, answering, started, up, holder: daemonHolder(directory) })
    })
  )
}

/** Whether the refusal says that no daemon is there. */
export function isNotRunning({ code }: Refused): boolean {
  return code === "daemon_not_running"
}

function tooSlow(log: string): Effect.Effect<never, Refused> {
  const message =
    `Cannot start the daemon: it did not answer within ${START_SECONDS_MAX} s; its log is ${log}`
  return Effect.fail(refused("daemon_start_failed", message))
}
