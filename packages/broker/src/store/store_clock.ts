/**
 * The time by which what is stored grows old: it follows the wall clock, but takes no jump of it at its word.
 *
 * It never runs backwards, and however far the wall clock jumps ahead, in a run
 * or between two, that counts for a day. So a clock that is once wrong by years
 * expires nothing that has more than a day to live; and a night in which the
 * broker or its machine slept counts as it should.
 *
 * @module
 */
import { Context, type Effect } from "effect"
import type { StoreFailed } from "./store_failed.ts"

/** The most that a jump ahead counts for. */
export const JUMP_MILLIS_MAX = 86_400_000

export class StoreClock extends Context.Service<StoreClock, {
  /** Milliseconds; compare them with those of this store only. */
  readonly now: () => number
  /** Writes the time down, for the next run to go on from. */
  readonly keep: Effect.Effect<void, StoreFailed>
}>()("@claudemesh/broker/store/store_clock/StoreClock") {}
