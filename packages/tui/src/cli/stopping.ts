/**
 * Stops the daemon of this home and waits until it is gone.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { Effect, Schedule } from "effect"
import { isNotRunning, LocalDaemon } from "./local_daemon.ts"

/** How long it may take to go. */
const GONE_SECONDS_MAX = 10

/** What there was to stop. */
export interface Stopped {
  readonly was_running: boolean
  readonly pid?: number
}

/** Asks the daemon to stop, and returns once it no longer answers and its process has ended. */
export const stopDaemon: Effect.Effect<Stopped, Refused, LocalDaemon> = Effect.gen(function*() {
  const { running } = yield* LocalDaemon
  return yield* running.pipe(
    Effect.flatMap((daemon) => daemon.daemon.shutdown({})),
    Effect.tap(({ pid }) => untilGone(running, pid)),
    Effect.map(({ pid }): Stopped => ({ was_running: true, pid })),
    Effect.catchIf(isNotRunning, () => Effect.succeed<Stopped>({ was_running: false }))
  )
})

function untilGone(running: Effect.Effect<unknown, Refused>, pid: number) {
  const answers = Effect.as(running, true).pipe(
    Effect.catchIf(isNotRunning, () => Effect.succeed(false))
  )
  return Effect.map(answers, (answers) => !answers && !isAlive(pid)).pipe(
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
