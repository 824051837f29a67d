import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { FetchHttpClient, HttpClient } from "effect/http"
import { BrokerAddress } from "../broker_server.ts"
import { brokerOn } from "../gateway/testing/live_broker.ts"
import { temporaryDirectory } from "../testing/temporary_directory.ts"

const get = Effect.fnUntraced(function*(path: string) {
  const { origin } = yield* BrokerAddress
  const response = yield* HttpClient.get(origin + path)
  return { headers: response.headers, text: yield* response.text, status: response.status }
})

describe("pages", () => {
  it.live("tell a person what to do with an invite, the same for every id, and give nothing away", () =>
    Effect.gen(function*() {
      const broker = brokerOn(yield* temporaryDirectory)
      yield* Effect.gen(function*() {
        const [one, other] = [yield* get(`/i/i_${"a".repeat(26)}`), yield* get("/i/anything")]
        assert.strictEqual(one.text, other.text)
        assert.include(one.text, "claudemesh join")
        assert.notInclude(one.text, "<script")
        assert.include(one.headers["content-security-policy"], "default-src 'none'")
        assert.strictEqual(one.headers["referrer-policy"], "no-referrer")
        assert.strictEqual(one.headers["cache-control"], "no-store")
        assert.include((yield* get("/")).text, "claudemesh broker")
      }).pipe(Effect.provide(broker))
    }).pipe(Effect.scoped, Effect.provide(FetchHttpClient.layer)))
})
