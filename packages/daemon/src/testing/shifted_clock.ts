/**
 * A clock that shows another date, as that of a machine that was set wrong: it runs as fast as ours.
 *
 * @module
 */
import { type Clock, Effect } from "effect"

/** The clock, ahead by so much. */
export function shiftedClock(clock: Clock.Clock, aheadMillis: number): Clock.Clock {
  function currentTimeMillisUnsafe() {
    return clock.currentTimeMillisUnsafe() + aheadMillis
  }
  function currentTimeNanosUnsafe() {
    return clock.currentTimeNanosUnsafe() + BigInt(aheadMillis) * 1_000_000n
  }
  return {
    currentTimeMillisUnsafe,
    currentTimeMillis: Effect.sync(currentTimeMillisUnsafe),
    currentTimeNanosUnsafe,
    currentTimeNanos: Effect.sync(currentTimeNanosUnsafe),
    monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
    monotonicTimeNanos: clock.monotonicTimeNanos,
    sleep: (duration) => clock.sleep(duration)
  }
}
