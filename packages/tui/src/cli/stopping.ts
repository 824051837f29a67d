/**
 * Stops the daemon of this home and waits until it is gone.
 *
 * One that does not answer, because its socket was deleted say, is found by the lock that it holds.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { Effect, Option, Schedule } from "effect"
import { type Holder, isNotRunning, LocalDaemon } from "./local_daemon.ts"

/** How long it may take to go. */
const GONE_SECONDS_MAX = 10

/** What there was to stop. */
export interface Stopped {
  readonly was_running: boolean
  readonly pid?: number
}

/** Asks the daemon to stop, and returns once it no longer answers and its process has ended. */
export const stopDaemon: Effect.Effect<Stopped, Refused, LocalDaemon> = Effect.gen(function*() {
  const { holder, running } = yield* LocalDaemon
  const answers = Effect.as(running, true).pipe(
    Effect.catchIf(isNotRunning, () => Effect.succeed(false))
  )
  return yield* running.pipe(
    Effect.flatMap((daemon) => daemon.daemon.shutdown({})),
    Effect.tap(({ pid }) => untilGone(answers, pid)),
    Effect.map(({ pid }): Stopped => ({ was_running: true, pid })),
    Effect.catchIf(isNotRunning, () =>
      Effect.flatMap(
        holder,
        Option.match({
          onNone: () => Effect.succeed<Stopped>({ was_running: false }),
          onSome: (found) => endHolder(found, Effect.map(holder, Option.isSome))
        })
      ))
  )
})

/** Signals the process that holds the home and answers nobody, if that is certain; else says who it may be. */
const endHolder = Effect.fnUntraced(
  function*({ isCertain, pid }: Holder, isHeld: Effect.Effect<boolean>) {
    if (!isCertain || pid === undefined) return yield* unreachable(pid)
    yield* Effect.ignore(Effect.try(() => process.kill(pid, "SIGTERM")))
    yield* untilGone(isHeld, pid)
    return { was_running: true, pid } satisfies Stopped
  }
)

function unreachable(pid: number | undefined): Refused {
  const who = pid === undefined ? "the process that holds the home" : `the process ${pid}`
  return refused(
    "home_locked",
    `Cannot stop the daemon: it holds this home and does not answer; end ${who} yourself`
  )
}

function untilGone(isThere: Effect.Effect<boolean, Refused>, pid: number) {
  return Effect.map(isThere, (isThere) => !isThere && !isAlive(pid)).pipe(
    Effect.repeat({ schedule: Schedule.spaced("40 millis"), until: (gone) => gone }),
    Effect.timeoutOrElse({
      duration: `${GONE_SECONDS_MAX} seconds`,
      orElse: () => Effect.fail(refused("shutting_down", stillThere(pid)))
    })
  )
}

function stillThere(pid: number): string {
  return `The daemon was asked to stop; its process ${pid} is still there after ${GONE_SECONDS_MAX} s`
}

/** Asks the system; nothing is sent. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
