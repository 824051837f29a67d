/**
 * Answers for the local API, group `roster`: whom one can send to.
 *
 * @module
 */
import { LocalApi } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Meshes } from "../../meshes/meshes.ts"
import { Roster } from "../../roster/roster.ts"

/** The rows of group `roster`. */
export const rosterHandlers = HttpApiBuilder.group(
  LocalApi,
  "roster",
  Effect.fnUntraced(function*(handlers) {
    const meshes = yield* Meshes
    const roster = yield* Roster
    return handlers.handleAll({
      peers: Effect.fnUntraced(function*({ query }) {
        const mesh = yield* meshes.resolve(query.mesh)
        return { mesh: mesh.id, mesh_name: mesh.name, items: yield* roster.peers(mesh) }
      })
    })
  })
)
