/**
 * Verbs that stay in the foreground until somebody stops them.
 *
 * @module
 */
import { Context, Effect, Ref } from "effect"
import { EXIT } from "./failure.ts"
import { StopSignal } from "./stop_signal.ts"

export class Foreground extends Context.Service<Foreground, {
  /** Stays until the effect ends, however. From here on Ctrl-C is how the verb is meant to end: it ends well. */
  readonly stay: <E>(until: Effect.Effect<void, E>) => Effect.Effect<void, E>
  /** The exit code of a verb that is interrupted now. */
  readonly interruptedExit: Effect.Effect<number>
}>()("@claudemesh/tui/cli/foreground") {
  static readonly make = Effect.gen(function*() {
    const { ending } = yield* StopSignal
    const exit = yield* Ref.make<number>(EXIT.interrupted)
    return Foreground.of({
      stay: (until) =>
        Ref.set(exit, EXIT.done).pipe(Effect.andThen(until), Effect.ensuring(ending)),
      interruptedExit: Ref.get(exit)
    })
  })
}
