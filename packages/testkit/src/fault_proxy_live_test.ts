import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { createServer as createHttpServer } from "node:http"
import { connect, createServer, type Server, type Socket } from "node:net"
import { type FaultProxy, makeFaultProxy } from "./fault_proxy.ts"

/** Longer than bytes take on this machine, and short enough to wait for nothing. */
const A_WHILE = "150 millis"

describe("FaultProxy", () => {
  it.live("carries both ways what crosses it, and the goodbye", () =>
    Effect.gen(function*() {
      const { client } = yield* makeEcho
      const text = "x".repeat(300_000)

      client.socket.end(text)
      yield* client.ended

      assert.strictEqual(client.received(), text)
    }).pipe(Effect.scoped))

  it.live("is in nobody's way where HTTP becomes a WebSocket", () =>
    Effect.gen(function*() {
      const server = createHttpServer()
      server.on("upgrade", (_, socket) => {
        socket.write(
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n"
        )
        socket.pipe(socket)
      })
      const client = yield* connectTo(yield* proxyOf(server))

      client.socket.write(
        "GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
      )
      yield* client.hasReceived("101 Switching Protocols")
      client.socket.write("frames")

      yield* client.hasReceived("frames")
    }).pipe(Effect.scoped))

  it.live.each(["to_broker", "from_broker", "both"] as const)(
    "holds what goes %s back, and lets it through whole once it heals",
    (way) =>
      Effect.gen(function*() {
        const { client, proxy, server } = yield* makeEcho
        client.socket.write("before,")
        yield* client.hasReceived("before,")

        yield* proxy.blackhole(way)
        client.socket.write("during,")
        yield* Effect.sleep(A_WHILE)
        assert.strictEqual(client.received(), "before,")
        assert.strictEqual(server.received(), way === "from_broker" ? "before,during," : "before,")

        yield* proxy.heal
        client.socket.end("after")
        yield* client.ended
        assert.strictEqual(client.received(), "before,during,after")
      }).pipe(Effect.scoped)
  )

  it.live.each(
    [{ how: "fin", failure: undefined }, { how: "reset", failure: "ECONNRESET" }] as const
  )(
    "tells both sides of a cut by $how",
    ({ failure, how }) =>
      Effect.gen(function*() {
        const { client, proxy, server } = yield* makeEcho
        client.socket.write("hello")
        yield* client.hasReceived("hello")

        yield* proxy.cut(how)

        assert.strictEqual(yield* client.ended, failure)
        assert.strictEqual(yield* server.ended, failure)
      }).pipe(Effect.scoped)
  )

  it.live("tells neither side of a silent cut, and lets no later bytes through", () =>
    Effect.gen(function*() {
      const { client, proxy, server } = yield* makeEcho
      client.socket.write("hello")
      yield* client.hasReceived("hello")

      yield* proxy.cut("silent")
      client.socket.write("is anybody there")
      yield* proxy.heal
      yield* Effect.sleep(A_WHILE)

      assert.strictEqual(server.received(), "hello")
      assert.isTrue(client.socket.writable)
      client.socket.destroy()
      yield* Effect.sleep(A_WHILE)
      assert.isUndefined((yield* Effect.forkChild(server.ended)).pollUnsafe())
    }).pipe(Effect.scoped))

  it.live("ends a connection in the middle of what it truncates", () =>
    Effect.gen(function*() {
      const { client, proxy, server } = yield* makeEcho
      yield* proxy.set({ truncateChance: 1 })

      client.socket.write("x".repeat(1_000))

      assert.strictEqual(yield* client.ended, "ECONNRESET")
      yield* server.ended
      assert.isBelow(server.received().length, 1_000)
    }).pipe(Effect.scoped))

  it.live("takes no new connection while it refuses, nor while nobody listens behind it", () =>
    Effect.gen(function*() {
      const { proxy, server } = yield* makeEcho
      yield* proxy.refuse
      assert.strictEqual(yield* (yield* connectTo(proxy)).ended, "ECONNRESET")

      yield* proxy.heal
      server.close()
      assert.strictEqual(yield* (yield* connectTo(proxy)).ended, "ECONNRESET")
    }).pipe(Effect.scoped))
})

/** A server that says again what it is told, a proxy in front of it, and a client. */
const makeEcho = Effect.gen(function*() {
  const listener = createServer({ allowHalfOpen: true })
  let watched: ReturnType<typeof watch> | undefined
  listener.on("connection", (socket) => {
    watched = watch(socket)
    socket.pipe(socket)
  })
  const proxy = yield* proxyOf(listener)
  const client = yield* connectTo(proxy)
  const server = {
    received: () => watched?.received() ?? "",
    ended: Effect.suspend(() => watched?.ended ?? Effect.never),
    close: () => listener.close()
  }
  return { client, proxy, server }
})

const proxyOf = Effect.fnUntraced(function*(server: Server) {
  yield* Effect.acquireRelease(
    Effect.callback<void>((resume) => {
      server.listen(0, "127.0.0.1", () => resume(Effect.void))
    }),
    () => Effect.sync(() => server.close())
  )
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  const listen = { host: "127.0.0.1", port: 0 }
  return yield* makeFaultProxy({ listen, target: { host: "127.0.0.1", port }, seed: "a link" })
})

const connectTo = Effect.fnUntraced(function*({ host, port }: FaultProxy) {
  const socket = yield* Effect.acquireRelease(
    Effect.sync(() => connect({ host, port, allowHalfOpen: true })),
    (socket) => Effect.sync(() => socket.destroy())
  )
  return watch(socket)
})

function watch(socket: Socket) {
  const state: { text: string; failure: string | undefined } = { text: "", failure: undefined }
  socket.on("data", (bytes) => {
    state.text += String(bytes)
  })
  socket.on("error", (error) => {
    state.failure = "code" in error ? String(error.code) : error.message
  })
  function received() {
    return state.text
  }
  return {
    socket,
    received,
    hasReceived: (text: string) =>
      Effect.callback<void>((resume) => {
        function look() {
          if (!received().includes(text)) return
          socket.off("data", look)
          resume(Effect.void)
        }
        socket.on("data", look)
        look()
      }),
    /** Waits for its end; answers with the error, if it was one. */
    ended: Effect.callback<string | undefined>((resume) => {
      function done() {
        resume(Effect.succeed(state.failure))
      }
      if (socket.readableEnded || socket.destroyed) done()
      socket.once("end", done)
      socket.once("close", done)
    })
  }
}
