/**
 * Turns upgrade requests into connections, or refuses them before a socket costs anything.
 *
 * @module
 */
import { errorTable, type Refused, refused, SOCKET_PATH } from "@claudemesh/protocol"
import { Clock, Effect, Result } from "effect"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- upgrades are events of Node's server
import { type IncomingMessage, type Server, STATUS_CODES } from "node:http"
import { Socket } from "node:net"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- what an upgrade hands over
import type { Duplex } from "node:stream"
import { BrokerLimits } from "../broker_limits.ts"
import { monotonicMillis } from "../monotonic_millis.ts"
import { Gateway } from "./gateway.ts"
import { OwnOrigins } from "./own_origins.ts"
import { UnattachedCaps } from "./unattached_caps.ts"
import { follow, linkOf, makeWebSocketServer } from "./web_socket_link.ts"

/** Listens for upgrades on a server for as long as the scope lives. */
export const serveUpgrades = Effect.fnUntraced(function*(server: Server) {
  const clock = yield* Clock.Clock
  const gateway = yield* Gateway
  const origins = yield* OwnOrigins
  const caps = new UnattachedCaps(yield* BrokerLimits)
  const webSockets = makeWebSocketServer()
  const run = Effect.runForkWith(yield* Effect.context())

  function admit(request: IncomingMessage, address: string): Result.Result<string, Refused> {
    const misplaced = misplacedBy(request)
    if (misplaced !== undefined) return Result.fail(misplaced)
    const origin = origins.of(request.headers)
    if (Result.isFailure(origin)) return origin
    const crowded = caps.open(address, monotonicMillis(clock))
    return crowded === undefined ? origin : Result.fail(crowded)
  }

  function onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
    socket.on("error", ignore)
    const address = request.socket.remoteAddress ?? ""
    const origin = admit(request, address)
    if (Result.isFailure(origin)) return refuse(socket, origin.failure)
    const onSettled = once(() => caps.release(address))
    // A handshake that `ws` refuses closes the socket without a connection.
    socket.once("close", onSettled)
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on("error", ignore) // `close` follows, with the code
      webSocket.pause()
      const opening = { link: linkOf(webSocket, request.socket), origin: origin.success, onSettled }
      run(Effect.map(gateway.open(opening), (connection) => {
        follow(webSocket, connection)
        webSocket.resume()
      }))
    })
  }

  yield* Effect.acquireRelease(
    Effect.sync(() => server.on("upgrade", onUpgrade)),
    () => Effect.sync(() => server.off("upgrade", onUpgrade))
  )
})

/** Why a request is no device's: it comes from a web page, or goes somewhere else. */
function misplacedBy({ headers, url }: IncomingMessage): Refused | undefined {
  if (headers.origin !== undefined) {
    return refused("wrong_origin", "Cannot open a socket for a web page: the request has an Origin")
  }
  const path = (url ?? "").split("?")[0]
  if (path === SOCKET_PATH) return undefined
  return refused("unsupported", `Cannot open a socket here: it is at ${SOCKET_PATH}`)
}

/** Answers as HTTP, as the endpoints do, and closes. */
function refuse(socket: Duplex, { _tag, code, message }: Refused): void {
  const { status } = errorTable[code]
  const body = JSON.stringify({ _tag, code, message })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    "Connection: close",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`
  ]
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`)
  if (socket instanceof Socket) socket.destroySoon()
}

function once(run: () => void): () => void {
  let hasRun = false
  return () => {
    if (hasRun) return
    hasRun = true
    run()
  }
}

/** What becomes of the socket is told by its `close`. */
function ignore(): void {}
