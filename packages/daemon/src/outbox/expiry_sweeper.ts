/**
 * Ends messages that have outlived their time, so that every send gets a verdict.
 *
 * @module
 */
import { Effect, Layer, Schedule } from "effect"
import { Delivery } from "./delivery.ts"

/** How often it is looked. */
export const SWEEP_INTERVAL = "30 seconds"

/** Looks on its interval; a defect in one sweep does not stop the next. */
export const layer: Layer.Layer<never, never, Delivery> = Layer.effectDiscard(
  Delivery.use((delivery) => delivery.expire).pipe(
    Effect.tap((
      count
    ) => (count > 0 ? Effect.logInfo("Messages expired", { count }) : Effect.void)),
    Effect.catchCause((cause) => Effect.logError("Sweep failed", cause)),
    Effect.repeat(Schedule.spaced(SWEEP_INTERVAL)),
    Effect.annotateLogs({ service: "ExpirySweeper" }),
    Effect.forkScoped
  )
)
