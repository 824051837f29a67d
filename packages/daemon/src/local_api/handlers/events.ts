/**
 * Answers for the local API, group `events`: what happens, as it happens.
 *
 * @module
 */
import { LocalApi } from "@claudemesh/protocol/local_api"
import { Effect, Stream } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { isAgent, makeAgentSight } from "../agent_sight.ts"
import { LocalEvents } from "../events.ts"

/** The rows of group `events`. */
export const eventsHandlers = HttpApiBuilder.group(
  LocalApi,
  "events",
  Effect.fnUntraced(function*(handlers) {
    const { watch } = yield* LocalEvents
    const { mayHear } = yield* makeAgentSight
    return handlers.handleAll({
      watch: () =>
        Effect.map(isAgent, (agent) => agent ? Stream.filterEffect(watch, mayHear) : watch)
    })
  })
)
