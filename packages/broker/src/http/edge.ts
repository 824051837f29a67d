/**
 * What holds for every HTTP request: whose host it names, how its body is formed, and that a refusal is JSON.
 *
 * @module
 */
import { errorTable, parseUntrustedJson, Refused, refused } from "@claudemesh/protocol"
import { ByteSize, Effect, Result } from "effect"
import { HttpIncomingMessage, HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { HttpApiError } from "effect/http-api"
import { BrokerLimits } from "../broker_limits.ts"
import { OwnOrigins } from "../gateway/own_origins.ts"

/** Around every route. */
export const layer = HttpRouter.middleware(
  Effect.gen(function*() {
    const origins = yield* OwnOrigins
    const { httpBodyBytesMax } = yield* BrokerLimits
    return (route) =>
      Effect.gen(function*() {
        const request = yield* HttpServerRequest.HttpServerRequest
        const refusal = yield* refusalOf(request, origins)
        return refusal === undefined ? yield* route : answer(refusal)
      }).pipe(
        Effect.catchDefect((defect) => answerDefect(defect)),
        Effect.provideService(
          HttpIncomingMessage.MaxBodySize,
          ByteSize.fromInputUnsafe(httpBodyBytesMax)
        )
      )
  }),
  { global: true }
)

/** Requests that change or show something come from our own clients, under our own name, in one clear form. */
const refusalOf = Effect.fnUntraced(function*(
  request: HttpServerRequest.HttpServerRequest,
  origins: OwnOrigins["Service"]
) {
  if (request.method === "GET" || request.method === "HEAD") return undefined
  if (request.headers["origin"] !== undefined) {
    return refused("wrong_origin", "Cannot serve a web page: the request has an Origin")
  }
  const origin = origins.of(request.headers["host"])
  if (Result.isFailure(origin)) return origin.failure
  const text = yield* Effect.result(request.text)
  if (Result.isFailure(text)) {
    return refused("too_large", "Cannot read the request: its body is too large or was cut off")
  }
  const json = parseUntrustedJson(text.success)
  return Result.isFailure(json) ? json.failure : undefined
})

function answer(refusal: Refused): HttpServerResponse.HttpServerResponse {
  const { _tag, code, message } = refusal
  return HttpServerResponse.jsonUnsafe({ _tag, code, message }, { status: errorTable[code].status })
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
