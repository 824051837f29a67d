import { BrokerAddress, layerBroker } from "@claudemesh/broker"
import { keepLog } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Exit, Layer, Scope } from "effect"
import { createServer, type Server } from "node:net"
import { attached, type LiveDaemon, startDaemon, until } from "../testing/live_mesh.ts"
import { temporaryDirectory } from "../testing/temporary_home.ts"
import { BrokerHttp } from "./broker_http.ts"
import { BrokerTransport } from "./broker_transport.ts"

/*
 * Goal (N13): what answers in a broker's place, a captive portal say, is recognised, asked again but
 * seldom, and forgotten when the broker is back. Method: a real daemon, and servers of one sentence.
 */

const HTML = "<!doctype html><title>Sign in</title>"

/** What may stand in a broker's place, and what the daemon says of it. */
const portals = [
  {
    what: "a page",
    answer:
      `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${HTML.length}\r\n\r\n${HTML}`,
    code: "not_a_broker"
  },
  {
    what: "a way elsewhere",
    answer: "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
    code: "not_a_broker"
  },
  {
    what: "a demand",
    answer: "HTTP/1.1 511 Network Authentication Required\r\nContent-Length: 0\r\n\r\n",
    code: "not_a_broker"
  },
  {
    what: "an upgrade to something else",
    answer: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
    code: "not_a_broker"
  },
  { what: "noise", answer: "\u0015\u0003\u0001\u0000\u0002\u0002(", code: "broker_unreachable" },
  { what: "nothing", answer: "", code: "broker_unreachable" }
] as const

/** Listens in the broker's place for as long as the scope lives, and counts who asks. */
const portalAt = Effect.fnUntraced(function*(port: number, answer: string) {
  let asked = 0
  const server = yield* Effect.acquireRelease(
    Effect.callback<Server>((resume) => {
      const server = createServer((socket) => {
        asked++
        socket.on("error", () => socket.destroy())
        socket.once("data", () => socket.end(Buffer.from(answer, "latin1")))
      })
      server.listen({ host: "127.0.0.1", port }, () => resume(Effect.succeed(server)))
    }),
    (server) =>
      Effect.callback<void>((resume) => {
        server.close(() => resume(Effect.void))
      })
  )
  const address = server.address()
  const taken = typeof address === "object" ? address?.port ?? 0 : 0
  return { origin: `http://127.0.0.1:${taken}`, asked: () => asked }
})

const startBroker = Effect.fnUntraced(function*(dataDirectory: string, port: number) {
  const scope = yield* Effect.acquireRelease(
    Scope.make(),
    (scope, exit) => Scope.close(scope, exit)
  )
  const broker = layerBroker({ dataDirectory, listen: { host: "127.0.0.1", port } })
  const address = Context.get(
    yield* Layer.buildWithScope(Layer.fresh(broker), scope),
    BrokerAddress
  )
  return { origin: address.origin, port: address.port, stop: Scope.close(scope, Exit.void) }
})

/** The link of the only mesh, once it has that code. */
function linkWith({ api }: LiveDaemon, code: string) {
  return until(api.meshes.list(), ({ items }) => items[0]?.link.code === code)
}

describe("BrokerTransport and BrokerHttp, where something else answers", () => {
  it.live.each(portals)("say what is wrong: $what", ({ answer, code }) =>
    Effect.gen(function*() {
      const transport = yield* BrokerTransport
      const http = yield* BrokerHttp
      const { origin } = yield* portalAt(0, answer)

      const refusal = yield* Effect.flip(
        Effect.tapError(transport.connect(origin), () => http.version(origin))
      )

      assert.strictEqual(refusal.code, code)
    }).pipe(Effect.scoped, Effect.provide(Layer.mergeAll(BrokerTransport.layer, BrokerHttp.layer))))
})

describe("a daemon whose broker is hidden by a page", () => {
  it.live("says so, asks again but seldom, and is there again with the broker", () => {
    const log = keepLog()
    return Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const broker = yield* startBroker(`${directory}/broker`, 0)
      const daemon = yield* startDaemon(`${directory}/ada`)
      yield* daemon.api.meshes.create({
        payload: { name: "home", broker: broker.origin, member: "ada", device: "box" }
      })
      yield* attached(daemon)
      yield* broker.stop

      const asked = yield* Effect.scoped(Effect.gen(function*() {
        const portal = yield* portalAt(broker.port, portals[0].answer)
        yield* linkWith(daemon, "not_a_broker")
        return portal.asked()
      }))
      yield* startBroker(`${directory}/broker`, broker.port)
      yield* attached(daemon)

      assert.isBelow(asked, 10)
      assert.deepStrictEqual(log.alarms(), [])
    }).pipe(Effect.scoped, Effect.provide(log.layer))
  }, 60_000)
})
