import { DIALLED_HEADER, limits, SOCKET_PATH } from "@claudemesh/protocol"
import { NodeWS } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Scope } from "effect"
import { BrokerTransport } from "./broker_transport.ts"

/** A server of web sockets that says this to whoever connects. */
const listening = Effect.fnUntraced(function*(say: (socket: NodeWS.WebSocket) => void) {
  const headers: Array<Readonly<Record<string, unknown>>> = []
  const server = yield* Effect.acquireRelease(
    Effect.callback<NodeWS.WebSocketServer>((resume) => {
      const options = { host: "127.0.0.1", port: 0, path: SOCKET_PATH }
      const made: NodeWS.WebSocketServer = new NodeWS.WebSocketServer(
        options,
        () => resume(Effect.succeed(made))
      )
    }),
    (server) =>
      Effect.sync(() => {
        for (const socket of server.clients) socket.terminate()
        server.close()
      })
  )
  server.on("connection", (socket, request) => {
    headers.push(request.headers)
    say(socket)
  })
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return { origin: `http://127.0.0.1:${port}`, headers, server }
})

function connect(origin: string) {
  return BrokerTransport.use((transport) => transport.connect(origin))
}

describe("BrokerTransport", () => {
  it.live("carries text both ways, in order, and says what it dialled, as no web page does", () =>
    Effect.gen(function*() {
      const { headers, origin } = yield* listening((socket) =>
        socket.on("message", (text: Buffer) => socket.send(`${text.toString()}!`))
      )
      const { receive, send } = yield* connect(origin)

      yield* send(["a", "b", "c"])
      const got: Array<string> = []
      while (got.length < 3) got.push(...(yield* receive))

      assert.deepStrictEqual(got, ["a!", "b!", "c!"])
      assert.propertyVal(headers[0], DIALLED_HEADER, origin)
      assert.notProperty(headers[0], "origin")
      assert.notProperty(headers[0], "sec-websocket-extensions")
    }).pipe(Effect.provide(BrokerTransport.layer)))

  it.live.each<{ readonly what: string; readonly say: (socket: NodeWS.WebSocket) => void }>([
    { what: "closes", say: (socket) => socket.close(1012, "restart") },
    { what: "breaks off", say: (socket) => socket.terminate() },
    { what: "sends bytes", say: (socket) => socket.send(new Uint8Array([1])) },
    { what: "sends too much", say: (socket) => socket.send("x".repeat(limits.frameBytesMax + 1)) }
  ])("ends when the broker $what", ({ say }) =>
    Effect.gen(function*() {
      const { origin } = yield* listening(say)
      const { receive } = yield* connect(origin)

      const lost = yield* Effect.flip(receive)

      assert.strictEqual(lost._tag, "LinkLost")
    }).pipe(Effect.provide(BrokerTransport.layer)))

  it.live("refuses to wait where nobody listens", () =>
    Effect.gen(function*() {
      const refusal = yield* Effect.flip(connect("http://127.0.0.1:1"))

      assert.strictEqual(refusal.code, "broker_unreachable")
    }).pipe(Effect.provide(BrokerTransport.layer)))

  it.live("closes the connection with its scope", () =>
    Effect.gen(function*() {
      const closed = Promise.withResolvers<void>()
      const { origin } = yield* listening((socket) => socket.on("close", () => closed.resolve()))
      const scope = yield* Scope.make()
      yield* Scope.provide(connect(origin), scope)

      yield* Scope.close(scope, Exit.void)

      yield* Effect.promise(() => closed.promise)
    }).pipe(Effect.provide(BrokerTransport.layer)))
})
