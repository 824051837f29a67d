/**
 * One port for HTTP and WebSocket, with limits that a hostile client cannot stretch, and an end that waits for no one.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol"
import { Effect, Predicate, type Scope } from "effect"
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse
  // oxlint-disable-next-line effecttsgo/node-builtin-import -- the upgrade and every limit are set on Node's own server
} from "node:http"

/** Where to listen; port 0 takes any that is free. */
export interface ListenOptions {
  readonly host: string
  readonly port: number
}

/** A server that listens, and where. */
export interface Listener {
  readonly server: Server
  readonly port: number
}

const PORT_MAX = 65_535

/** Opens the port; closes it with the scope, and drops what is still connected then. */
export const listen = Effect.fnUntraced(function*(
  options: ListenOptions
): Effect.fn.Return<Listener, Refused, Scope.Scope> {
  const server = yield* Effect.acquireRelease(Effect.sync(makeServer), close)
  server.on("request", notYet)
  yield* bind(server, options)
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : options.port
  return { server, port }
})

/** Answers requests from now on; until then they are told to come back. */
export function answerWith({ server }: Listener, handler: RequestListener): void {
  server.on("request", handler)
  server.off("request", notYet)
}

/** The port is open before there is anybody to answer: without a listener, such a request would hang. */
function notYet(_: IncomingMessage, response: ServerResponse): void {
  const refusal = refused("overloaded", "The broker has only just started")
  response.writeHead(503, { "content-type": "application/json", "retry-after": "1" })
  response.end(JSON.stringify({ _tag: "Refused", code: refusal.code, message: refusal.message }))
}

/** Node's own defaults let a client dribble headers for minutes. */
function makeServer(): Server {
  return createServer({
    headersTimeout: 5_000,
    requestTimeout: 10_000,
    connectionsCheckingInterval: 1_000,
    maxHeaderSize: 8_192
  })
}

function bind(server: Server, { host, port }: ListenOptions): Effect.Effect<void, Refused> {
  if (port < 0 || port > PORT_MAX) {
    return refused(
      "usage",
      `Cannot listen on port "${port}": a port is a number from 0 to ${PORT_MAX}`
    )
  }
  return Effect.callback((resume) => {
    function onError(error: Error) {
      resume(Effect.fail(toRefused(error, { host, port })))
    }
    server.once("error", onError)
    server.listen({ host: host.replace(/^\[(.*)\]$/, "$1"), port }, () => {
      server.off("error", onError)
      resume(Effect.void)
    })
  })
}

function close(server: Server): Effect.Effect<void> {
  return Effect.callback((resume) => {
    server.close(() => resume(Effect.void))
    server.closeAllConnections()
  })
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "something else listens there",
  EADDRNOTAVAIL: "it is no address of this machine",
  EACCES: "this user may not listen there",
  ENOTFOUND: "it is no known host"
}

function toRefused(error: Error, { host, port }: ListenOptions): Refused {
  const code = Predicate.hasProperty(error, "code") ? String(error.code) : ""
  return refused(
    "address_in_use",
    `Cannot listen on "${host}:${port}": ${REASONS[code] ?? error.message}`
  )
}
