/**
 * The store's clock in SQLite.
 *
 * @module
 */
import type { Prepare } from "@claudemesh/sqlite"
import { Clock, Effect, Layer } from "effect"
import { monotonicMillis } from "../../monotonic_millis.ts"
import { JUMP_MILLIS_MAX, StoreClock } from "../store_clock.ts"
import { StoreIdentity } from "../store_identity.ts"
import { makeTransact } from "./transact.ts"

/** By how much the clocks may differ between two looks without a jump: each is rounded, and the wall's corrected. */
const SAME_MILLIS = 1_000

/** Needs a store that has its name, and so its one row. */
export const layer = Layer.effect(
  StoreClock,
  Effect.gen(function*() {
    yield* StoreIdentity
    const transact = yield* makeTransact
    const clock = yield* Clock.Clock
    let { time, wall } = (yield* transact(kept)) ?? atFirst(clock.currentTimeMillisUnsafe())
    let monotonic = monotonicMillis(clock)

    function now(): number {
      const [wallNow, monotonicNow] = [clock.currentTimeMillisUnsafe(), monotonicMillis(clock)]
      const passed = monotonicNow - monotonic
      time += passed + counted(wallNow - wall - passed)
      wall = wallNow
      monotonic = monotonicNow
      return time
    }

    const keep = Effect.suspend(() => {
      const reading = now()
      return transact((prepare) =>
        void prepare("UPDATE store SET clock = ?, clock_wall = ?").run(reading, wall)
      )
    })
    return { now, keep }
  })
)

/** What a jump of the wall clock counts for; while a machine sleeps, only its wall clock goes on. */
function counted(jump: number): number {
  return jump < SAME_MILLIS ? 0 : Math.min(jump, JUMP_MILLIS_MAX)
}

/** What the clock showed when it was last written down, and the wall clock beside it. */
interface Kept {
  readonly time: number
  readonly wall: number
}

function kept(prepare: Prepare): Kept | undefined {
  const row = prepare("SELECT clock, clock_wall FROM store WHERE clock IS NOT NULL").get()
  return row && { time: Number(row["clock"]), wall: Number(row["clock_wall"]) }
}

function atFirst(wall: number): Kept {
  return { time: wall, wall }
}
