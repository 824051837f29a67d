/**
 * Runs a store's clock: on from what was written down, with the monotonic clock, and after the wall clock within bounds.
 *
 * @module
 */
import { Clock, Effect } from "effect"
import { monotonicMillis } from "../monotonic_millis.ts"
import { JUMP_MILLIS_MAX, type StoreClock } from "./store_clock.ts"
import type { StoreFailed } from "./store_failed.ts"

/** By how much the clocks may differ between two looks without a jump: each is rounded, and the wall's corrected. */
const SAME_MILLIS = 1_000

/** What the clock showed when it was last written down, and the wall clock beside it. */
export interface Kept {
  readonly time: number
  readonly wall: number
}

/** Where it is written down; at first there is nothing. */
export interface ClockPaper {
  /** By how much the wall clock that counts is ahead of this machine's, once something was read or written. */
  readonly ahead?: () => number
  readonly read: Effect.Effect<Kept | undefined, StoreFailed>
  readonly write: (kept: Kept) => Effect.Effect<void, StoreFailed>
}

/** The clock from now on. */
export const runClock = Effect.fnUntraced(
  function*({ ahead = noneAhead, read, write }: ClockPaper) {
    const clock = yield* Clock.Clock
    const kept = yield* read
    let { time, wall } = kept ?? atFirst(wallClock())
    let monotonic = monotonicMillis(clock)

    function wallClock(): number {
      return clock.currentTimeMillisUnsafe() + ahead()
    }
    function now(): number {
      const [wallNow, monotonicNow] = [wallClock(), monotonicMillis(clock)]
      const passed = monotonicNow - monotonic
      time += passed + counted(wallNow - wall - passed)
      wall = wallNow
      monotonic = monotonicNow
      return time
    }

    return {
      now,
      keep: Effect.suspend(() => write({ time: now(), wall }))
    } satisfies StoreClock["Service"]
  }
)

/** What a jump of the wall clock counts for; while a machine sleeps, only its wall clock goes on. */
function counted(jump: number): number {
  return jump < SAME_MILLIS ? 0 : Math.min(jump, JUMP_MILLIS_MAX)
}

function noneAhead(): number {
  return 0
}

function atFirst(wall: number): Kept {
  return { time: wall, wall }
}
