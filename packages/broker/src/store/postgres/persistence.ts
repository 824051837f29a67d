/**
 * Repeats what has left nothing behind for as long as a restart of the server takes, and gives up in time.
 *
 * @module
 */
import { Effect, Schedule } from "effect"
import { SqlError } from "effect/sql"
import { BrokerLimits } from "../../broker_limits.ts"
import { StoreFailed } from "../store_failed.ts"
import { isPassing, toStoreFailed } from "./sql_fault.ts"

/** Runs it again while it fails in passing, and answers in time; what it fails with then is a failure of the store. */
export type Persist = <A>(
  effect: Effect.Effect<A, SqlError.SqlError | StoreFailed>
) => Effect.Effect<A, StoreFailed>

/** Within the bounds in force. */
export const makePersist: Effect.Effect<Persist> = Effect.gen(function*() {
  const repeated = yield* makeRepeated
  const { databaseAnswerMillisMax } = yield* BrokerLimits
  return (effect) =>
    repeated(effect).pipe(
      Effect.catchTag("SqlError", (error) => Effect.fail(toStoreFailed(error))),
      Effect.timeoutOrElse({
        duration: databaseAnswerMillisMax,
        orElse: () => Effect.fail(silent)
      })
    )
})

const silent = new StoreFailed({ fault: "unknown", reason: "the database does not answer" })

/** The same for whoever wants to know the failure itself. */
export const makeRepeated = Effect.gen(function*() {
  const { databaseAwayMillisMax } = yield* BrokerLimits
  const often = Schedule.min([Schedule.exponential("10 millis"), Schedule.spaced("200 millis")])
  const schedule = often.pipe(Schedule.jittered, Schedule.upTo({ duration: databaseAwayMillisMax }))
  return <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.retry(effect, {
      while: (error) => SqlError.isSqlError(error) && isPassing(error),
      schedule
    })
})
