/**
 * Waits without a clock until something holds that other fibers bring about.
 *
 * @module
 */
import { Effect } from "effect"

/** Turns of the event loop after which what does not hold yet never will. */
const TURNS_MAX = 20_000

/** Looks once per turn of the event loop; answers with the first value that holds, and dies if none comes. */
export const eventually = Effect.fnUntraced(
  function*<A, E, R>(look: Effect.Effect<A, E, R>, holds: (seen: A) => boolean) {
    for (let turn = 0; turn < TURNS_MAX; turn++) {
      const seen = yield* look
      if (holds(seen)) return seen
      yield* Effect.yieldNow
    }
    return yield* Effect.die(new Error(`It did not hold in ${TURNS_MAX} turns`))
  }
)
