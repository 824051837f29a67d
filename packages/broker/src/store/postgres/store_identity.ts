/**
 * The store's name in Postgres, which may change while the broker runs.
 *
 * @module
 */
import { Effect, Layer, Schedule, Stream, SubscriptionRef } from "effect"
import { StoreIdentity } from "../store_identity.ts"
import { Lineage } from "./lineage.ts"
import { makeTransact } from "./transact.ts"

/** How often it is looked whether the database is still the same, where nobody writes. */
const LOOK_EVERY = "5 seconds"

/** How often the place in the log is written down beside the database. */
const NOTE_EVERY = "1 minute"

/** A store that takes longer to write is as good as one that cannot. */
const WRITE_WITHIN = "3 seconds"

/** Needs a migrated database. */
export const layer = Layer.effect(
  StoreIdentity,
  Effect.gen(function*() {
    const { name, note } = yield* Lineage
    const transact = yield* makeTransact

    const look = Effect.ignore(transact(() => Effect.void))
    yield* Effect.forkScoped(Effect.repeat(look, Schedule.spaced(LOOK_EVERY)))
    yield* Effect.forkScoped(Effect.repeat(note, Schedule.spaced(NOTE_EVERY)))

    // Writes without a change. Remembered for a moment, because anybody may ask.
    const write = transact((query) => query("UPDATE store SET one = one")).pipe(
      Effect.timeout(WRITE_WITHIN)
    )
    const isWritable = yield* Effect.cachedWithTTL(Effect.isSuccess(write), "1 second")
    return {
      get epoch() {
        return SubscriptionRef.getUnsafe(name).epoch
      },
      get bornAt() {
        return SubscriptionRef.getUnsafe(name).bornAt
      },
      isWritable,
      renames: Stream.drop(SubscriptionRef.changes(name), 1).pipe(Stream.map(({ epoch }) => epoch))
    }
  })
)
