/**
 * Serves a local API of which only a little answers, to test what carries it.
 *
 * @module
 */
import { refused } from "@claudemesh/protocol/errors"
import { LocalApi } from "@claudemesh/protocol/local_api"
import { Effect, Function, Layer } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { LocalEvents } from "../local_api/events.ts"

/** What a test has no use for. */
const unused = Function.constant(Effect.die("not part of the test"))

const daemon = HttpApiBuilder.group(
  LocalApi,
  "daemon",
  (handlers) => handlers.handleAll({ status: unused, shutdown: () => Effect.succeed({ pid: 7 }) })
)

const meshes = HttpApiBuilder.group(LocalApi, "meshes", (handlers) =>
  handlers.handleAll({
    list: () => Effect.succeed({ items: [] }),
    create: unused,
    join: unused,
    show: () =>
      Effect.fail(refused("mesh_not_found", "There is no mesh \"x\"", { candidates: ["home"] })),
    use: () => Effect.never,
    leave: unused
  }))

const invites = HttpApiBuilder.group(
  LocalApi,
  "invites",
  (handlers) => handlers.handleAll({ create: unused, list: unused, revoke: unused })
)

const roster = HttpApiBuilder.group(
  LocalApi,
  "roster",
  (handlers) => handlers.handleAll({ peers: unused })
)

const messages = HttpApiBuilder.group(
  LocalApi,
  "messages",
  (handlers) =>
    handlers.handleAll({
      send: unused,
      show: unused,
      inbox: unused,
      read: ({ payload }) => Effect.succeed({ changed: payload.ids.length })
    })
)

const sessions = HttpApiBuilder.group(
  LocalApi,
  "sessions",
  (handlers) => handlers.handleAll({ list: unused, register: unused, end: unused })
)

const events = HttpApiBuilder.group(
  LocalApi,
  "events",
  (handlers) =>
    Effect.map(
      LocalEvents,
      ({ watch }) => handlers.handleAll({ watch: () => Effect.succeed(watch) })
    )
)

/** All groups. */
export const layerStubHandlers = Layer.mergeAll(
  daemon,
  meshes,
  invites,
  roster,
  messages,
  sessions,
  events
)
