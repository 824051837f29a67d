/**
 * Serves the local API on the home's socket, to this user only and within limits.
 *
 * Build it under the daemon's lock: what lies at the socket's path is then left over from a daemon
 * that crashed, and is removed. Two paths count against the length a socket's name may have: the
 * one it is published at, and that with `.new`.
 *
 * @module
 */
import { NodeFileSystem, NodeHttpServer } from "@effect/platform-node"
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { LocalApi } from "@claudemesh/protocol/local_api"
import { Effect, FileSystem, Layer, Option, Predicate } from "effect"
import { HttpRouter, HttpServer } from "effect/http"
import { HttpApiBuilder } from "effect/http-api"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- Effect serves with a server that is made here, with its limits
import { createServer, type Server } from "node:http"
import { Home } from "../home.ts"
import { systemReason } from "../private_file.ts"
import { guarded } from "./gate.ts"

const CONNECTIONS_MAX = 64
const HEADER_BYTES_MAX = 16_384

/** How long a client may take to send a request. */
const REQUEST_MILLIS_MAX = 10_000

/** How long answers that are under way may take once the daemon stops; streams are cut then. */
const SHUTDOWN_GRACE = "1 second"

/** Serves the API at a path beside the socket's, once the handlers of all groups are there. */
const serving = Layer.unwrap(
  Effect.map(HttpRouter.HttpRouter, (router) =>
    // oxlint-disable-next-line effecttsgo/any-unknown-in-error-context -- the router forgets how its routes fail; the gate takes it all
    HttpServer.serve(guarded(router.asHttpEffect())))
).pipe(
  Layer.provideMerge(HttpApiBuilder.layer(LocalApi, { openapiPath: "/openapi.json" })),
  Layer.provide(HttpRouter.layer),
  Layer.provide(Layer.unwrap(Effect.map(Home, ({ socket }) => listening(socket))))
)

/**
 * Listens for as long as it lives.
 *
 * The socket appears only when requests are answered: a server that listens before it serves lets the
 * first requests hang.
 */
export const layer = Layer.effectDiscard(Effect.flatMap(Home, ({ socket }) => publish(socket)))
  .pipe(
    Layer.provide(NodeFileSystem.layer),
    Layer.provideMerge(serving)
  )

/** Where the socket is until it is published. */
function unpublished(socket: string): string {
  return `${socket}.new`
}

/** The HTTP server, which only its user may connect to. */
function listening(socket: string) {
  const server = NodeHttpServer.layer(makeServer, {
    path: unpublished(socket),
    gracefulShutdownTimeout: SHUTDOWN_GRACE
  })
  return server.pipe(
    Layer.catchTag("ServeError", ({ cause }) => Layer.effectContext(cannotListen(socket, cause))),
    Layer.provideMerge(Layer.effectDiscard(removeStale(socket))),
    Layer.provideMerge(Layer.effectDiscard(removeStale(unpublished(socket)))),
    Layer.provide(NodeFileSystem.layer)
  )
}

function makeServer(): Server {
  const server = createServer({
    maxHeaderSize: HEADER_BYTES_MAX,
    headersTimeout: REQUEST_MILLIS_MAX,
    requestTimeout: REQUEST_MILLIS_MAX,
    connectionsCheckingInterval: REQUEST_MILLIS_MAX / 10
  })
  server.maxConnections = CONNECTIONS_MAX
  return server
}

const removeStale = Effect.fn("LocalApi.removeStale")(function*(socket: string) {
  const fs = yield* FileSystem.FileSystem
  const left = yield* Effect.option(fs.lstat(socket))
  if (Option.isNone(left)) return
  if (left.value.type !== "Socket") {
    return yield* cannotListen(socket, "something that is no socket is there")
  }
  yield* Effect.catch(fs.remove(socket), (error) => cannotListen(socket, systemReason(error)))
})

/** Gives the socket its name, and takes it away again when the server stops. */
const publish = Effect.fn("LocalApi.publish")(function*(socket: string) {
  const fs = yield* FileSystem.FileSystem
  const named = Effect.andThen(
    fs.chmod(unpublished(socket), 0o600),
    fs.rename(unpublished(socket), socket)
  )
  yield* Effect.acquireRelease(
    Effect.catch(named, (error) => cannotListen(socket, systemReason(error))),
    () => Effect.ignore(fs.remove(socket))
  )
})

function cannotListen(socket: string, cause: unknown): Effect.Effect<never, Refused> {
  const reason = Predicate.isError(cause) ? cause.message : String(cause)
  return Effect.fail(refused("home_unusable", `Cannot listen at "${socket}": ${reason}`))
}
