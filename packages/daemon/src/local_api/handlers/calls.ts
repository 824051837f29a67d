/**
 * Answers for the local API, group `calls`: what the daemon asks the daemons of others.
 *
 * @module
 */
import { LocalApi } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Ping } from "../../calls/ping.ts"
import { Meshes } from "../../meshes/meshes.ts"

/** The rows of group `calls`. */
export const callsHandlers = HttpApiBuilder.group(
  LocalApi,
  "calls",
  Effect.fnUntraced(function*(handlers) {
    const meshes = yield* Meshes
    const { ping } = yield* Ping
    return handlers.handleAll({
      ping: Effect.fnUntraced(function*({ payload: { mesh, timeout_ms, to } }) {
        return { items: yield* ping(yield* meshes.resolve(mesh), to, timeout_ms) }
      })
    })
  })
)
