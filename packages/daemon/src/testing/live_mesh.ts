/**
 * Runs whole daemons in this process, each in a home of its own, and talks to them as a person's tools do.
 *
 * @module
 */
import type { LocalEvent, SentMessage } from "@claudemesh/protocol/local_api"
import { Clock, Context, Effect, Exit, Layer, Ref, Schedule, Scope, Stream } from "effect"
import { layerDaemon } from "../daemon.ts"
import { Home } from "../home.ts"
import { Daemon } from "../local_api/client.ts"
import { shiftedClock } from "./shifted_clock.ts"

/** A daemon that runs until it is stopped. */
export interface LiveDaemon {
  readonly api: Daemon["Service"]
  /** What it has told since it was started. */
  readonly events: Effect.Effect<ReadonlyArray<LocalEvent>>
  readonly stop: Effect.Effect<void>
}

/** Starts a daemon in that home, whose clock is wrong by so much; the outer scope stops it if nobody else does. */
export const startDaemon = Effect.fn("startDaemon")(function*(directory: string, aheadMillis = 0) {
  const scope = yield* Effect.acquireRelease(
    Scope.make(),
    (scope, exit) => Scope.close(scope, exit)
  )
  const home = Home.layer(directory)
  const clock = shiftedClock(yield* Clock.Clock, aheadMillis)
  yield* Layer.buildWithScope(Layer.fresh(Layer.provide(layerDaemon, home)), scope).pipe(
    Effect.provideService(Clock.Clock, clock)
  )
  const client = Daemon.layer({ socketPath: `${directory}/run/daemon.sock` })
  const api = Context.get(yield* Layer.buildWithScope(Layer.fresh(client), scope), Daemon)
  const told = yield* Ref.make<ReadonlyArray<LocalEvent>>([])
  const stream = yield* api.events.watch()
  yield* Stream.runForEach(stream, (event) => Ref.update(told, (all) => [...all, event])).pipe(
    Effect.ignore,
    Effect.forkIn(scope)
  )
  const daemon: LiveDaemon = {
    api,
    events: Ref.get(told),
    stop: Scope.close(scope, Exit.void)
  }
  return daemon
})

/** How long anything may take to come about. */
const PATIENCE = "20 seconds"

/** Looks until it holds, and answers with what was seen then. */
export function until<A, E, R>(
  look: Effect.Effect<A, E, R>,
  holds: (seen: A) => boolean
): Effect.Effect<A, E, R> {
  return Effect.repeat(look, { until: holds, schedule: Schedule.spaced("20 millis") }).pipe(
    Effect.timeoutOrElse({
      duration: PATIENCE,
      orElse: () => Effect.flatMap(look, (seen) => Effect.die(new Error(lateText(seen))))
    })
  )
}

/** Waits until the daemon is connected to the broker of its only mesh. */
export function attached({ api }: LiveDaemon) {
  return until(api.meshes.list(), ({ items }) => items[0]?.link.state === "attached")
}

/** Says something, and answers with the message as it was accepted. */
export function say({ api }: LiveDaemon, to: string, text: string) {
  return api.messages.send({ headers: {}, payload: { to, text } })
}

/** Waits until the recipient's device has signed for the message. */
export function inboxed({ api }: LiveDaemon, { id }: SentMessage) {
  return until(
    api.messages.show({ params: { id }, query: {} }),
    (message) => message.direction === "sent" && message.state === "inboxed"
  )
}

/** The texts that have come, the oldest first. */
export function textsOf({ api }: LiveDaemon) {
  return Effect.map(
    api.messages.inbox({ query: { limit: 500 } }),
    ({ items }) => items.map(({ text }) => text)
  )
}

function lateText(seen: unknown): string {
  return `It did not come about in ${PATIENCE}; what is seen is ${JSON.stringify(seen)}`
}
