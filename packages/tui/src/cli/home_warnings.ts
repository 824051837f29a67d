/**
 * What is to be said beside any list of this home: that it is in no mesh yet, and what needs a person.
 *
 * A list that is empty for such a reason looks like one of which all is well.
 *
 * @module
 */
import type { Daemon } from "@claudemesh/daemon"
import { Effect } from "effect"

/** Also what `status` and `mesh list` say of it. */
export const NO_MESH = "No mesh yet: claudemesh up makes one, claudemesh join LINK enters one"

/** A line for each thing; where the daemon does not say how it fares, the list itself says why. */
export const homeWarnings = Effect.fn("homeWarnings")(function*(daemon: Daemon["Service"]) {
  return yield* daemon.daemon.status({}).pipe(
    Effect.map(({ health, meshes }) => [...(meshes.length === 0 ? [NO_MESH] : []), ...health]),
    Effect.orElseSucceed(() => [])
  )
})
