/**
 * Publishes what changes by itself: the progress of sent messages, and how meshes are connected.
 *
 * @module
 */
import type { SentMessage } from "@claudemesh/protocol/local_api"
import { Effect, Layer, Option, Stream } from "effect"
import { LinkStates } from "../broker_link/link_states.ts"
import { Meshes } from "../meshes/meshes.ts"
import { Outbox } from "../outbox/outbox.ts"
import { LocalEvents } from "./events.ts"
import { Views } from "./views.ts"

/** Publishes for as long as it lives. A reader that misses a step reads the next one, which includes it. */
export const layer = Layer.effectDiscard(
  Effect.gen(function*() {
    const outbox = yield* Outbox
    const links = yield* LinkStates
    const meshes = yield* Meshes
    const views = yield* Views
    const events = yield* LocalEvents

    const publishSent = Option.match<Effect.Effect<void>, SentMessage>({
      onNone: () => Effect.void,
      onSome: (message) => events.publish({ type: "sent", message })
    })
    yield* Stream.fromPubSub(outbox.progress).pipe(
      Stream.runForEach((key) => logged(Effect.flatMap(views.sent(key), publishSent))),
      Effect.forkScoped
    )
    yield* Stream.fromPubSub(links.changed).pipe(
      Stream.runForEach((id) =>
        meshes.find(id).pipe(
          Effect.flatMap(views.mesh),
          Effect.flatMap((mesh) => events.publish({ type: "mesh", mesh })),
          Effect.ignore, // it was left in the meantime
          logged
        )
      ),
      Effect.forkScoped
    )
  })
)

/** One event that cannot be told must not end all that follow. */
function logged(telling: Effect.Effect<void>): Effect.Effect<void> {
  return Effect.catchCause(telling, (cause) => Effect.logError("Could not tell an event", cause))
}
