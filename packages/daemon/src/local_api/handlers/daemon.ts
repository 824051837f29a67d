/**
 * Answers for the local API, group `daemon`: what runs, and its end.
 *
 * @module
 */
import { LocalApi } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Shutdown } from "../../shutdown.ts"
import { DaemonInfo } from "../daemon_info.ts"

/** The rows of group `daemon`. */
export const daemonHandlers = HttpApiBuilder.group(
  LocalApi,
  "daemon",
  Effect.fnUntraced(function*(handlers) {
    const info = yield* DaemonInfo
    const shutdown = yield* Shutdown
    return handlers.handleAll({
      status: () => info.status,
      shutdown: () => Effect.as(shutdown.request, { pid: info.pid })
    })
  })
)
