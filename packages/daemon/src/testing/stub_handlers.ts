/**
 * Serves a local API of which only a little answers, to test what carries it.
 *
 * @module
 */
import { refused } from "@claudemesh/protocol/errors"
import { Caller, CallerScope, LocalApi } from "@claudemesh/protocol/local_api"
import { Effect, Function, Layer, Option } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { SqlError } from "effect/sql"
import { LocalEvents } from "../local_api/events.ts"

/** What a test has no use for. */
const unused = Function.constant(Effect.die("not part of the test"))

/** What a query fails with when SQLite answers with that result code. */
function storageError(errcode: number, message: string): SqlError.SqlError {
  const cause = Object.assign(new Error(message), { errcode })
  return new SqlError.SqlError({ reason: new SqlError.UnknownError({ cause, message }) })
}

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
  (handlers) =>
    handlers.handleAll({
      create: unused,
      list: ({ query }) =>
        query.mesh === "full"
          ? Effect.die(storageError(13, "database or disk is full"))
          : Effect.die(storageError(10, "disk I/O error")),
      revoke: unused
    })
)

const roster = HttpApiBuilder.group(
  LocalApi,
  "roster",
  (handlers) => handlers.handleAll({ peers: unused })
)

const calls = HttpApiBuilder.group(
  LocalApi,
  "calls",
  (handlers) => handlers.handleAll({ ping: unused })
)

const messages = HttpApiBuilder.group(
  LocalApi,
  "messages",
  (handlers) =>
    handlers.handleAll({
      send: unused,
      show: unused,
      inbox: unused,
      read: ({ payload }) => Effect.succeed({ changed: payload.messages.length }),
      readAll: unused
    })
)

const outbox = HttpApiBuilder.group(
  LocalApi,
  "outbox",
  (handlers) => handlers.handleAll({ list: unused, show: unused, requeue: unused, cancel: unused })
)

const search = HttpApiBuilder.group(
  LocalApi,
  "search",
  (handlers) => handlers.handleAll({ messages: unused })
)

const sessions = HttpApiBuilder.group(
  LocalApi,
  "sessions",
  (handlers) =>
    handlers.handleAll({
      list: unused,
      ended: unused,
      register: unused,
      show: unused,
      revise: unused,
      end: unused
    })
)

const surfacing = HttpApiBuilder.group(
  LocalApi,
  "surfacing",
  (handlers) =>
    handlers.handleAll({ feed: unused, report: unused, held: unused, accept: unused, drop: unused })
)

/** Everybody is the user. */
const callers = Layer.succeed(
  CallerScope,
  CallerScope.of((handling) => Effect.provideService(handling, Caller, { session: Option.none() }))
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
  calls,
  messages,
  outbox,
  search,
  sessions,
  surfacing,
  events
).pipe(Layer.provideMerge(callers))
