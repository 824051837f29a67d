/**
 * What holds for every HTTP request: who asks how often, whose host it names, how its body is formed, and that a
 * refusal is JSON.
 *
 * @module
 */
import { errorTable, parseUntrustedJson, Refused, refused } from "@claudemesh/protocol"
import { ByteSize, Clock, Effect, Option, Result, Semaphore } from "effect"
import {
  HttpIncomingMessage,
  HttpRouter,
  HttpServerError,
  HttpServerRequest,
  HttpServerResponse
} from "effect/http"
import { HttpApiError } from "effect/http-api"
import { BrokerLimits } from "../broker_limits.ts"
import { AddressRates } from "../gateway/address_rates.ts"
import { OwnOrigins } from "../gateway/own_origins.ts"
import { monotonicMillis } from "../monotonic_millis.ts"

/** What the API answers, without a word, to a body of another type than JSON. */
const UNSUPPORTED_MEDIA = 415

/** Around every route. */
export const layer = HttpRouter.middleware(
  Effect.gen(function*() {
    const check = yield* makeCheck
    const { httpBodyBytesMax, postsMax } = yield* BrokerLimits
    const posts = yield* Semaphore.make(postsMax)

    return (route) =>
      Effect.gen(function*() {
        const request = yield* HttpServerRequest.HttpServerRequest
        if (request.method === "GET" || request.method === "HEAD") return yield* route
        const checked = Effect.flatMap(check(request), (refusal) =>
          refusal === undefined ? Effect.map(route, inOurWords) : Effect.succeed(answer(refusal)))
        return Option.getOrElse(yield* posts.withPermitsIfAvailable(1)(checked), () =>
          answer(refused("overloaded", "Cannot serve the request: too many are being served")))
      }).pipe(
        Effect.catchDefect((defect) =>
          answerDefect(defect)
        ),
        Effect.provideService(
          HttpIncomingMessage.MaxBodySize,
          ByteSize.fromInputUnsafe(httpBodyBytesMax)
        )
      )
  }),
  { global: true }
)

/** What is asked of an endpoint that there is not: for a client of a later version it is as any refusal. */
export function orNotFound<E, R>(
  app: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>
): Effect.Effect<HttpServerResponse.HttpServerResponse, E, R> {
  return Effect.catchIf(
    app,
    (error) => HttpServerError.isHttpServerError(error) && error.reason._tag === "RouteNotFound",
    () => Effect.succeed(answer(refused("unsupported", "There is no such endpoint here"), 404))
  )
}

/** Requests that change or show something come from our own clients, not too often, under our own name, in one clear form. */
const makeCheck = Effect.gen(function*() {
  const clock = yield* Clock.Clock
  const origins = yield* OwnOrigins
  const { postsBurst, postsPerAddressPerSecond } = yield* BrokerLimits
  const rates = new AddressRates({ perSecond: postsPerAddressPerSecond, burst: postsBurst })

  return Effect.fnUntraced(function*(request: HttpServerRequest.HttpServerRequest) {
    const address = Option.getOrElse(request.remoteAddress, () => "")
    if (!rates.take(address, monotonicMillis(clock))) {
      return refused("rate_limited", "Cannot serve the request: this address asks too often")
    }
    if (request.headers["origin"] !== undefined) {
      return refused("wrong_origin", "Cannot serve a web page: the request has an Origin")
    }
    const origin = origins.of(request.headers)
    if (Result.isFailure(origin)) return origin.failure
    const text = yield* Effect.result(request.text)
    if (Result.isFailure(text)) {
      return refused("too_large", "Cannot read the request: its body is too large or was cut off")
    }
    const json = parseUntrustedJson(text.success)
    return Result.isFailure(json) ? json.failure : undefined
  })
})

function inOurWords(response: HttpServerResponse.HttpServerResponse) {
  if (response.status !== UNSUPPORTED_MEDIA) return response
  return answer(refused("malformed", "Cannot read the request: send application/json"))
}

function answer(
  { _tag, code, message }: Refused,
  status: number = errorTable[code].status
): HttpServerResponse.HttpServerResponse {
  return HttpServerResponse.jsonUnsafe({ _tag, code, message }, { status })
}

/** A body of the wrong form is the client's fault; what else went wrong is ours, and only our log says what. */
function answerDefect(defect: unknown) {
  if (HttpApiError.HttpApiSchemaError.is(defect)) {
    const why = String(defect.cause).slice(0, 300)
    return Effect.succeed(answer(refused("malformed", `Cannot read the request: ${why}`)))
  }
  return Effect.as(
    Effect.logError("A request failed", defect),
    answer(refused("internal", "Cannot serve the request: the broker failed"))
  )
}
