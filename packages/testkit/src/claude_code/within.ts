/**
 * A bound on what a test waits for, and what it says when that does not come.
 *
 * @module
 */
import { Effect } from "effect"

/** Less than a test may take, so that a test says what it waited for. */
const WAIT_AT_MOST = "20 seconds"

/** Waits so long and no longer; then it is a defect with a message made at that moment. */
export function within<A>(waiting: Effect.Effect<A>, complaint: () => string): Effect.Effect<A> {
  return Effect.timeoutOrElse(waiting, {
    duration: WAIT_AT_MOST,
    orElse: () => Effect.suspend(() => Effect.die(new Error(complaint())))
  })
}
