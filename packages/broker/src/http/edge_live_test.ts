import { DIALLED_HEADER } from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest } from "effect/http"
import { request as nodeRequest } from "node:http"
import { BrokerAddress } from "../broker_server.ts"
import { brokerOn } from "../gateway/testing/live_broker.ts"
import { temporaryDirectory } from "../testing/temporary_directory.ts"

const MEGABYTE = 1_048_576

/** Status and code with which a body is refused. */
const refusalOf = Effect.fnUntraced(function*(
  body: string,
  { "content-type": type = "application/json", ...headers }: Record<string, string> = {},
  path = "/v1/meshes"
) {
  const { origin } = yield* BrokerAddress
  const request = HttpClientRequest.post(origin + path).pipe(
    HttpClientRequest.bodyText(body, type),
    HttpClientRequest.setHeaders(headers)
  )
  const response = yield* HttpClient.execute(request)
  const json: unknown = yield* response.json
  const code = typeof json === "object" && json !== null && "code" in json ? json.code : undefined
  return [response.status, code]
})

/** The status for a request that names another host, which `fetch` cannot. */
const statusFor = Effect.fnUntraced(function*(host: string) {
  const { port } = yield* BrokerAddress
  return yield* Effect.callback<number>((resume) => {
    const options = {
      port,
      host: "127.0.0.1",
      path: "/v1/meshes",
      method: "POST",
      headers: { host }
    }
    const request = nodeRequest(
      options,
      ({ statusCode }) => resume(Effect.succeed(statusCode ?? 0))
    )
    request.end("{}")
  })
})

describe("edge", () => {
  it.live("answers a HEAD as the GET of the same endpoint", () =>
    Effect.gen(function*() {
      const broker = brokerOn(yield* temporaryDirectory)
      yield* Effect.gen(function*() {
        const { origin } = yield* BrokerAddress
        assert.strictEqual((yield* HttpClient.head(`${origin}/livez`)).status, 200)
        assert.strictEqual((yield* HttpClient.head(`${origin}/nothing`)).status, 404)
      }).pipe(Effect.provide(broker))
    }).pipe(Effect.scoped, Effect.provide(FetchHttpClient.layer)))

  it.live("answers every bad request with a refusal in JSON", () =>
    Effect.gen(function*() {
      const broker = brokerOn(yield* temporaryDirectory)
      yield* Effect.gen(function*() {
        assert.deepStrictEqual(yield* refusalOf("garbage"), [400, "malformed"])
        assert.deepStrictEqual(yield* refusalOf("[".repeat(100_000)), [400, "malformed"])
        assert.deepStrictEqual(yield* refusalOf(`{"a":1,"a":2}`), [400, "malformed"])
        assert.deepStrictEqual(yield* refusalOf(`{"statements":[1]}`), [400, "malformed"])
        const plain = { "content-type": "text/plain" }
        assert.deepStrictEqual(yield* refusalOf("{}", plain), [400, "malformed"])
        assert.deepStrictEqual(yield* refusalOf("x".repeat(MEGABYTE + 1)), [413, "too_large"])
        const page = { origin: "http://evil.example" }
        assert.deepStrictEqual(yield* refusalOf("{}", page), [403, "wrong_origin"])
        const elsewhere = { [DIALLED_HEADER]: "http://evil.example" }
        assert.deepStrictEqual(yield* refusalOf("{}", elsewhere), [403, "wrong_origin"])
        assert.strictEqual(yield* statusFor("evil.example"), 403)
        assert.deepStrictEqual(yield* refusalOf("{}", {}, "/v2/meshes"), [404, "unsupported"])
      }).pipe(Effect.provide(broker))
    }).pipe(Effect.scoped, Effect.provide(FetchHttpClient.layer)))
})
