import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Result } from "effect"
import { HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { TestClock } from "effect/testing"
import { BrokerLimits, defaultBrokerLimits } from "../broker_limits.ts"
import { OwnOrigins } from "../gateway/own_origins.ts"
import * as Edge from "./edge.ts"

const limits = { ...defaultBrokerLimits, postsMax: 1, postsBurst: 2, postsPerAddressPerSecond: 1 }
const done = HttpServerResponse.text("done")
const route = Layer.mergeAll(
  HttpRouter.add("*", "/it", done),
  HttpRouter.add("*", "/slow", Effect.delay(Effect.succeed(done), "1 second"))
)
const settings = Layer.mergeAll(
  Layer.succeed(BrokerLimits, limits),
  Layer.succeed(OwnOrigins, { of: () => Result.succeed("http://here") })
)

/** The status of a request of a client whose address is not this machine's. */
const makeAsk = Effect.gen(function*() {
  const app = yield* HttpRouter.toHttpEffect(Layer.provide(route, Edge.layer))
  return Effect.fnUntraced(function*(method: "GET" | "POST", path = "it") {
    const body = method === "POST" ? { body: "{}" } : {}
    const request = HttpServerRequest.fromWeb(
      new Request(`http://here/${path}`, { method, ...body })
    )
    return (yield* Effect.provideService(app, HttpServerRequest.HttpServerRequest, request)).status
  })
}).pipe(Effect.provide(settings))

describe("edge", () => {
  it.effect("bounds how often an address may ask, and lets it read", () =>
    Effect.gen(function*() {
      const ask = yield* makeAsk
      const statuses = yield* Effect.all([ask("POST"), ask("POST"), ask("POST"), ask("GET")])
      assert.deepStrictEqual(statuses, [200, 200, 429, 200])
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* ask("POST"), 200)
    }).pipe(Effect.scoped))

  it.effect("serves so many at once and no more", () =>
    Effect.gen(function*() {
      const ask = yield* makeAsk
      const slow = yield* Effect.forkChild(ask("POST", "slow"))
      yield* TestClock.adjust("500 millis")
      assert.strictEqual(yield* ask("POST"), 503)
      yield* TestClock.adjust("500 millis")
      assert.strictEqual(yield* Fiber.join(slow), 200)
      assert.strictEqual(yield* ask("POST"), 200)
    }).pipe(Effect.scoped))
})
