/**
 * Pings of one connection: now and then, so that something comes, and whenever somebody wants to know how long it takes.
 *
 * @module
 */
import { limits } from "@claudemesh/protocol"
import { Clock, Deferred, Effect, Schedule } from "effect"
import { LinkLost } from "./broker_transport.ts"
import type { Connection } from "./connection.ts"

/** How long the answer may take before the connection counts as broken. */
const PONG_TIMEOUT = "30 seconds"

/** Pings over what sends frames. */
export function makePings(send: Connection["send"]) {
  const waiting = new Map<number, Deferred.Deferred<void, LinkLost>>()
  let last = 0

  // The time tells pings apart, so no two have the same.
  const nextTime = Effect.map(Clock.monotonicTimeNanos, (nanos) => {
    last = Math.max(last + 1, Number(nanos / 1_000_000n))
    return last
  })
  const keepAlive: Effect.Effect<never, LinkLost> = Effect.flatMap(
    nextTime,
    (t) => send({ type: "ping", t })
  ).pipe(
    Effect.repeat(Schedule.spaced(limits.pingMillis)),
    Effect.andThen(Effect.never)
  )
  const roundTrip = Effect.gen(function*() {
    const answer = yield* Deferred.make<void, LinkLost>()
    const t = yield* nextTime
    waiting.set(t, answer)
    yield* send({ type: "ping", t }).pipe(
      Effect.andThen(Deferred.await(answer)),
      Effect.timeoutOrElse({
        duration: PONG_TIMEOUT,
        orElse: () => Effect.fail(new LinkLost({ reason: "no answer to \"ping\"" }))
      }),
      Effect.ensuring(Effect.sync(() => waiting.delete(t)))
    )
  })
  /** The broker has answered. */
  function answered(t: number): Effect.Effect<void> {
    const answer = waiting.get(t)
    return answer === undefined ? Effect.void : Effect.asVoid(Deferred.succeed(answer, undefined))
  }
  /** Nothing will be answered any more. */
  function lost(why: LinkLost): Effect.Effect<void> {
    return Effect.forEach(waiting.values(), (answer) => Deferred.fail(answer, why), {
      discard: true
    })
  }
  return { keepAlive, roundTrip, answered, lost }
}
