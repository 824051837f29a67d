/**
 * Answers for the local API, group `sessions`: the agent runs of this machine.
 *
 * @module
 */
import { LocalApi } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Sessions } from "../../sessions/sessions.ts"

/** The rows of group `sessions`. */
export const sessionsHandlers = HttpApiBuilder.group(
  LocalApi,
  "sessions",
  (handlers) =>
    Effect.map(Sessions, ({ end, list, register }) =>
      handlers.handleAll({
        list: () => Effect.map(list, (items) => ({ items })),
        register: ({ payload }) => register(payload),
        end: ({ params }) => end(params.id)
      }))
)
