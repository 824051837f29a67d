/**
 * Renews and erases this device's prekeys also while no broker can be reached.
 *
 * What was recorded of messages must not stay readable because a machine is
 * offline. A renewed prekey is published once the mesh is attached.
 *
 * @module
 */
import { Effect, Layer, Schedule } from "effect"
import { Meshes } from "../meshes/meshes.ts"
import { Prekeys } from "./prekeys.ts"

/** How often it is looked. */
const LOOK_INTERVAL = "1 hour"

/** Looks at once and then on its interval; a mesh whose key file fails does not stop the others. */
export const layer: Layer.Layer<never, never, Meshes | Prekeys> = Layer.effectDiscard(
  Effect.gen(function*() {
    const meshes = yield* Meshes
    const prekeys = yield* Prekeys
    const look = Effect.flatMap(
      meshes.all,
      Effect.forEach(({ identity, name }) =>
        prekeys.fresh(identity).pipe(
          Effect.catchCause((cause) =>
            Effect.logError(`Could not keep the prekeys of mesh "${name}"`, cause)
          )
        ), { discard: true })
    )
    yield* look.pipe(
      Effect.repeat(Schedule.spaced(LOOK_INTERVAL)),
      Effect.annotateLogs({ service: "PrekeyKeeper" }),
      Effect.forkScoped
    )
  })
)
