/**
 * Answers for the local API, group `events`: what happens, as it happens.
 *
 * @module
 */
import { LocalApi } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { LocalEvents } from "../events.ts"

/** The rows of group `events`. */
export const eventsHandlers = HttpApiBuilder.group(
  LocalApi,
  "events",
  (handlers) =>
    Effect.map(
      LocalEvents,
      ({ watch }) => handlers.handleAll({ watch: () => Effect.succeed(watch) })
    )
)
