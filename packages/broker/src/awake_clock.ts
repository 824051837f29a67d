/**
 * Milliseconds during which this broker was awake: the time in which somebody else could have been heard.
 *
 * It never runs backwards, whatever becomes of the wall clock, and a pause of
 * the process itself (stopped, swapped out, its machine asleep) counts for
 * nothing. So a broker that was frozen for minutes does not wake up to find
 * everybody silent for minutes, and drops nobody before it has read what they
 * sent meanwhile.
 *
 * @module
 */
import { Clock, Context, Effect, Layer, Schedule } from "effect"
import { monotonicMillis } from "./monotonic_millis.ts"

/** How often it looks at the time, whoever else does. */
const LOOK_MILLIS = 2_000

/** Between two looks no more than this can pass, unless nothing ran. */
const PAUSE_MILLIS = 5_000

export class AwakeClock extends Context.Service<AwakeClock, {
  /** Since some moment; only differences mean anything. */
  readonly now: () => number
}>()("@claudemesh/broker/awake_clock/AwakeClock") {
  static readonly layer = Layer.effect(
    AwakeClock,
    Effect.gen(function*() {
      const clock = yield* Clock.Clock
      let awake = 0
      let looked = monotonicMillis(clock)

      function now(): number {
        const monotonic = monotonicMillis(clock)
        const passed = monotonic - looked
        looked = monotonic
        if (passed < PAUSE_MILLIS) awake += passed
        return awake
      }

      yield* Effect.sync(now).pipe(Effect.repeat(Schedule.spaced(LOOK_MILLIS)), Effect.forkScoped)
      return { now }
    })
  )
}
