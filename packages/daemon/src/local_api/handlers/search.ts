/**
 * Answers for the local API, group `search`: messages by their words.
 *
 * @module
 */
import { LocalApi, pageSizes } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Meshes } from "../../meshes/meshes.ts"
import { Search } from "../../messages/search.ts"
import { Senders } from "../../messages/senders.ts"
import { isAgent } from "../agent_sight.ts"

/** The rows of group `search`. */
export const searchHandlers = HttpApiBuilder.group(
  LocalApi,
  "search",
  Effect.fnUntraced(function*(handlers) {
    const meshes = yield* Meshes
    const { search } = yield* Search
    const senders = yield* Senders
    return handlers.handleAll({
      messages: Effect.fnUntraced(function*({ query }) {
        const { from, limit = pageSizes.search.standard, since = 0, words } = query
        const mesh = query.mesh === undefined ? undefined : yield* meshes.resolve(query.mesh)
        return yield* search({
          words,
          mesh,
          senders: from === undefined ? undefined : yield* senders.named(from, mesh),
          since,
          limit,
          forAgent: yield* isAgent
        })
      })
    })
  })
)
