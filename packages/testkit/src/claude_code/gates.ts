/**
 * Freezes the model before it answers, until a test lets it go on.
 *
 * @module
 */
import { Deferred, Effect, Latch } from "effect"
import type { ApiRequest } from "./api_request.ts"

/** Which requests wait: the n-th of the main conversation, from 0, or those that a predicate picks. */
export type GateAt = number | ((request: ApiRequest) => boolean)

/** A gate; it is shut when it is made. */
export interface Gate {
  /** Waits until a request stands before it, and answers with the first that did. */
  readonly reached: Effect.Effect<ApiRequest>
  /** Lets through what waits, and all that comes. */
  readonly open: Effect.Effect<void>
}

/** The gates of an API. */
export interface Gates {
  readonly make: (at: GateAt) => Effect.Effect<Gate>
  /** Waits before each gate that stands in the way of a request. */
  readonly pass: (request: ApiRequest) => Effect.Effect<void>
}

/** No gates yet. */
export function makeGates(): Gates {
  const gates: Array<Built> = []
  return {
    make: Effect.fnUntraced(function*(at) {
      const built = yield* build(at)
      gates.push(built)
      return built
    }),
    pass: (request) =>
      Effect.forEach(
        gates.filter(({ holds }) => holds(request)),
        ({ arrive }) => arrive(request),
        { discard: true }
      )
  }
}

interface Built extends Gate {
  readonly holds: (request: ApiRequest) => boolean
  readonly arrive: (request: ApiRequest) => Effect.Effect<void>
}

const build = Effect.fnUntraced(function*(at: GateAt) {
  const latch = yield* Latch.make()
  const first = yield* Deferred.make<ApiRequest>()
  const built: Built = {
    holds: typeof at === "function" ? at : ({ kind, number }) => kind === "main" && number === at,
    arrive: (request) => Effect.andThen(Deferred.succeed(first, request), latch.await),
    reached: Deferred.await(first),
    open: Effect.asVoid(latch.open)
  }
  return built
})
