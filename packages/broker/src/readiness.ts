/**
 * Says whether the broker serves: not while it is stopping, and not while its store cannot be written.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol"
import { Context, Effect, Layer } from "effect"
import { StoreIdentity } from "./store/store_identity.ts"

export class Readiness extends Context.Service<Readiness, {
  /** Succeeds while it serves. */
  readonly check: Effect.Effect<void, Refused>
  readonly isStopping: () => boolean
  /** From now on it is stopping. */
  readonly stop: Effect.Effect<void>
}>()("@claudemesh/broker/readiness") {
  static readonly layer = Layer.effect(
    Readiness,
    Effect.map(StoreIdentity, ({ isWritable }) => {
      let isStopping = false
      const check = Effect.gen(function*() {
        if (isStopping) {
          return yield* refused("shutting_down", "Cannot serve: the broker is stopping")
        }
        if (!(yield* isWritable)) {
          return yield* refused("overloaded", "Cannot serve: the store cannot be written")
        }
      })
      return {
        check,
        isStopping: () => isStopping,
        stop: Effect.sync(() => {
          isStopping = true
        })
      }
    })
  )
}
