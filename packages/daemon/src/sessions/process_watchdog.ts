/**
 * Ends sessions whose processes have ended, with one look at all of them every 5 seconds.
 *
 * @module
 */
import { Effect, Layer, Schedule } from "effect"
import { Sessions } from "./sessions.ts"

/** How often the processes are looked at. */
const LOOK_INTERVAL = "5 seconds"

const look = Sessions.use(({ endOrphans }) => endOrphans).pipe(
  Effect.tap((count) =>
    count > 0 ? Effect.logInfo("Ended sessions whose processes are gone", { count }) : Effect.void
  ),
  Effect.withSpan("ProcessWatchdog.look")
)

/** Looks at once and then on its interval; a look that fails does not stop the next. */
export const layer: Layer.Layer<never, never, Sessions> = Layer.effectDiscard(
  look.pipe(
    Effect.catchCause((cause) => Effect.logError("Could not look for ended sessions", cause)),
    Effect.repeat(Schedule.spaced(LOOK_INTERVAL)),
    Effect.annotateLogs({ service: "ProcessWatchdog" }),
    Effect.forkScoped
  )
)
