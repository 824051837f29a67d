/**
 * Carries the wish to stop, or the reason why it cannot go on, to the program that awaits it.
 *
 * @module
 */
import type { Refused } from "@claudemesh/protocol/errors"
import { Context, Deferred, Effect, Layer } from "effect"

/** The daemon's end; what comes first counts. */
export class Shutdown extends Context.Service<Shutdown, {
  /** Asks for it; returns at once, so that the asker can still be answered. */
  readonly request: Effect.Effect<void>
  /** Says that it cannot go on; whoever awaits the end gets the reason. For callers that are no effect. */
  readonly failUnsafe: (why: Refused) => void
  /** Returns when somebody has asked. */
  readonly awaited: Effect.Effect<void, Refused>
}>()("@claudemesh/daemon/shutdown") {
  static readonly layer: Layer.Layer<Shutdown> = Layer.effect(
    Shutdown,
    Effect.map(Deferred.make<void, Refused>(), (end) => ({
      request: Effect.asVoid(Deferred.succeed(end, undefined)),
      failUnsafe: (why: Refused) => void Deferred.doneUnsafe(end, Effect.fail(why)),
      awaited: Deferred.await(end)
    }))
  )
}
