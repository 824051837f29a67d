/**
 * Says in the log when something begins to fail and when it works again, not each time in between.
 *
 * @module
 */
import { type Cause, Effect } from "effect"

/** Runs what may fail, and answers whether it did not; a defect is a failure too. */
export type OutageReport = <E, R>(
  effect: Effect.Effect<void, E, R>
) => Effect.Effect<boolean, never, R>

/** The report of one activity; `failure` is what it says when that begins to fail. */
export function makeOutageReport(failure: string): OutageReport {
  let isFailing = false

  const failed = Effect.fnUntraced(function*(cause: Cause.Cause<unknown>) {
    if (!isFailing) yield* Effect.logError(failure, cause)
    isFailing = true
    return false
  })

  const worked = Effect.fnUntraced(function*() {
    if (isFailing) yield* Effect.logInfo(`${failure}: that is over`)
    isFailing = false
    return true
  })

  return (effect) => Effect.matchCauseEffect(effect, { onFailure: failed, onSuccess: worked })
}
