/**
 * Runs work whenever a counter has grown: a wake-up that cannot be lost and does not pile up.
 *
 * @module
 */
import { Effect, Stream, SubscriptionRef } from "effect"

/** Runs the body now, and again each time the counter has changed since the body began. */
export function whenever<E, R>(
  counter: SubscriptionRef.SubscriptionRef<number>,
  body: Effect.Effect<void, E, R>
): Effect.Effect<never, E, R> {
  return Effect.gen(function*() {
    let seen = Number.NaN
    while (true) {
      yield* SubscriptionRef.changes(counter).pipe(
        Stream.filter((count) => count !== seen),
        Stream.runHead
      )
      seen = yield* SubscriptionRef.get(counter)
      yield* body
    }
  })
}

/** Lets everybody know who waits for the counter. */
export function bump(counter: SubscriptionRef.SubscriptionRef<number>): Effect.Effect<void> {
  return SubscriptionRef.update(counter, (count) => count + 1)
}
