/**
 * Carries the wish to stop from whoever has it to the program that awaits it.
 *
 * @module
 */
import { Context, Deferred, Effect, Layer } from "effect"

/** The daemon's end, asked for at most once. */
export class Shutdown extends Context.Service<Shutdown, {
  /** Asks for it; returns at once, so that the asker can still be answered. */
  readonly request: Effect.Effect<void>
  /** Returns when somebody has asked. */
  readonly awaited: Effect.Effect<void>
}>()("@claudemesh/daemon/shutdown") {
  static readonly layer: Layer.Layer<Shutdown> = Layer.effect(
    Shutdown,
    Effect.map(Deferred.make<void>(), (asked) => ({
      request: Effect.asVoid(Deferred.succeed(asked, undefined)),
      awaited: Deferred.await(asked)
    }))
  )
}
