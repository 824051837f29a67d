import { DIALLED_HEADER } from "@claudemesh/protocol"
import { NodeHttpServer } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { HttpServer, HttpServerRequest, HttpServerResponse } from "effect/http"
import { createServer } from "node:http"
import { BrokerHttp } from "./broker_http.ts"

const genuine = { name: "claudemesh-broker", version: "1", protocol: [1], now: 1 } as const
const refusal = { _tag: "Refused", code: "create_denied", message: "Not without a code" }

/** The origin of a server that answers everything like that. */
const askedOf = Effect.fnUntraced(function*(response: HttpServerResponse.HttpServerResponse) {
  yield* HttpServer.serveEffect(Effect.succeed(response))
  return yield* ownOrigin
})

const ownOrigin = HttpServer.HttpServer.useSync(({ address }) => {
  const port = "port" in address ? address.port : 0
  return `http://127.0.0.1:${port}`
})

const environment = Layer.mergeAll(
  BrokerHttp.layer,
  NodeHttpServer.layer(() => createServer(), { port: 0 })
)

describe("BrokerHttp", () => {
  it.live("knows a broker by its version", () =>
    Effect.gen(function*() {
      const { version } = yield* BrokerHttp
      const origin = yield* askedOf(HttpServerResponse.jsonUnsafe(genuine))

      assert.deepStrictEqual(yield* version(origin), genuine)
    }).pipe(Effect.provide(environment)))

  it.live("says which origin it dialled", () =>
    Effect.gen(function*() {
      const { version } = yield* BrokerHttp
      const dialled: Array<string | undefined> = []
      yield* HttpServer.serveEffect(HttpServerRequest.HttpServerRequest.useSync(({ headers }) => {
        dialled.push(headers[DIALLED_HEADER])
        return HttpServerResponse.jsonUnsafe(genuine)
      }))
      const origin = yield* ownOrigin

      yield* version(origin)

      assert.deepStrictEqual(dialled, [origin])
    }).pipe(Effect.provide(environment)))

  it.live.each([
    HttpServerResponse.text("<html>Log in to the network</html>"),
    HttpServerResponse.jsonUnsafe({ name: "nginx" }),
    HttpServerResponse.text("not found", { status: 404 }),
    HttpServerResponse.jsonUnsafe({ _tag: "Refused", code: "made_up" }, { status: 403 })
  ])("tells another server from a broker", (response) =>
    Effect.gen(function*() {
      const { version } = yield* BrokerHttp
      const origin = yield* askedOf(response)

      assert.strictEqual((yield* Effect.flip(version(origin))).code, "not_a_broker")
    }).pipe(Effect.provide(environment)))

  it.live("passes the broker's own refusal on", () =>
    Effect.gen(function*() {
      const { ask } = yield* BrokerHttp
      const origin = yield* askedOf(HttpServerResponse.jsonUnsafe(refusal, { status: 403 }))

      const refused = yield* Effect.flip(
        ask(origin, (broker) => broker.readyz())
      )

      assert.deepInclude(refused, { code: "create_denied", message: "Not without a code" })
    }).pipe(Effect.provide(environment)))

  it.live("says that nobody answers where nobody listens", () =>
    Effect.gen(function*() {
      const { version } = yield* BrokerHttp

      const refusal = yield* Effect.flip(version("http://127.0.0.1:1"))

      assert.strictEqual(refusal.code, "broker_unreachable")
      assert.include(refusal.message, "http://127.0.0.1:1")
    }).pipe(Effect.provide(BrokerHttp.layer)))
})
