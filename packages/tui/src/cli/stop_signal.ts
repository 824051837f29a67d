/**
 * Ctrl-C, SIGTERM and the end of the terminal: the first asks the program to end, and the second does not.
 *
 * However a program comes to its end, it has bounded time for it: what hangs is cut off.
 *
 * @module
 */
import { Context, Deferred, Effect, Layer } from "effect"
import { EXIT } from "./failure.ts"

/** How long a program that was asked to end may take before it is ended. */
const STOP_MILLIS_MAX = 3_000

/**
 * One Ctrl-C can arrive twice: the terminal sends it to everybody in the foreground, and npm, which is
 * there too, passes its own on. What comes so soon is no second wish.
 */
const ECHO_MILLIS_MAX = 300

export class StopSignal extends Context.Service<StopSignal, {
  /** Returns once somebody has asked. */
  readonly asked: Effect.Effect<void>
  /** Says that the program ends by itself from here on. */
  readonly ending: Effect.Effect<void>
}>()("@claudemesh/tui/cli/stop_signal/StopSignal") {
  /** Listens for as long as the layer lives. */
  static readonly layer: Layer.Layer<StopSignal> = Layer.effect(
    StopSignal,
    Effect.gen(function*() {
      const asked = yield* Deferred.make<void>()
      const ending = yield* Deferred.make<void>()

      let isEchoOver = false
      function onSignal() {
        const isFirst = Deferred.doneUnsafe(asked, Effect.void)
        if (!isFirst && isEchoOver) process.exit(EXIT.interrupted)
      }

      yield* Deferred.await(asked).pipe(
        Effect.andThen(Effect.sleep(ECHO_MILLIS_MAX)),
        Effect.andThen(Effect.sync(() => {
          isEchoOver = true
        })),
        Effect.forkScoped
      )

      yield* Effect.raceFirst(Deferred.await(asked), Deferred.await(ending)).pipe(
        Effect.andThen(Effect.sleep(STOP_MILLIS_MAX)),
        Effect.andThen(Effect.sync(() => process.exit(EXIT.interrupted))),
        Effect.forkScoped
      )
      yield* Effect.acquireRelease(
        Effect.sync(() => SIGNALS.forEach((signal) => process.on(signal, onSignal))),
        () => Effect.sync(() => SIGNALS.forEach((signal) => process.off(signal, onSignal)))
      )
      return StopSignal.of({
        asked: Deferred.await(asked),
        ending: Effect.asVoid(Deferred.succeed(ending, undefined))
      })
    })
  )
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const
