/**
 * Waits until something holds, while other fibers run and files are read and written.
 *
 * Each look is a turn of the event loop, so that real input and output gets its turn under a test clock
 * too; the bound is real time, and only a failing test reaches it.
 *
 * @module
 */
import { Effect } from "effect"

const WITHIN_MILLIS = 10_000

/** Looks until what is seen holds; dies if that takes too long. */
export const eventually = Effect.fnUntraced(
  function*<A, E, R>(look: Effect.Effect<A, E, R>, holds: (seen: A) => boolean) {
    const began = performance.now()
    while (performance.now() - began < WITHIN_MILLIS) {
      const seen = yield* look
      if (holds(seen)) return seen
      yield* nextTurn
    }
    return yield* Effect.die(new Error(`It did not hold within ${WITHIN_MILLIS} ms`))
  }
)

const nextTurn = Effect.callback<void>((resume) => {
  setImmediate(() => resume(Effect.void))
})
