/**
 * Drops what is too old: entries past their time to live, dedupe rows past the time a sender may repeat itself.
 *
 * @module
 */
import { limits } from "@claudemesh/protocol"
import { Effect, Layer, Schedule } from "effect"
import { BrokerLimits } from "../broker_limits.ts"
import { LogStore } from "../store/log_store.ts"
import { StoreClock } from "../store/store_clock.ts"

/** Runs the sweep on its interval; a sweep that fails does not stop the next. */
export const layer = Layer.effectDiscard(Effect.gen(function*() {
  const store = yield* LogStore
  const clock = yield* StoreClock
  const { sweepMillis, sweepRowsMax } = yield* BrokerLimits

  const sweepOnce = Effect.suspend(() => {
    const now = clock.now()
    return store.sweep({ now, dedupesBefore: now - limits.dedupeMillis, rowsMax: sweepRowsMax })
  })

  // Many short transactions, so that admission is never held up for long.
  const sweep = sweepOnce.pipe(
    Effect.tap(Effect.yieldNow),
    Effect.repeat({ until: ({ dedupes, entries }) => dedupes === 0 && entries === 0 }),
    Effect.withSpan("RetentionSweeper.sweep")
  )

  yield* clock.keep.pipe(
    Effect.andThen(sweep),
    Effect.catchCause((cause) => Effect.logError("Cannot drop expired entries", cause)),
    Effect.repeat(Schedule.spaced(sweepMillis)),
    Effect.annotateLogs({ service: "RetentionSweeper" }),
    Effect.forkScoped
  )
}))
