/**
 * Stands before the local API: turns away what has no business here, and answers every failure as a
 * `Refused`.
 *
 * A request that names an `Origin` comes from a web page; no page may speak to the daemon.
 *
 * @module
 */
import { errorTable, Refused, refused } from "@claudemesh/protocol/errors"
import { storageFault } from "@claudemesh/sqlite"
import { ByteSize, Cause, Effect, Schema } from "effect"
import {
  HttpIncomingMessage,
  HttpServerError,
  HttpServerRequest,
  HttpServerResponse
} from "effect/http"
import { HttpApiError } from "effect/http-api"
import { SqlError } from "effect/sql"
import { isDiskFull } from "../disk_full.ts"

/** What a request may carry; a message is far smaller. */
const BODY_BYTES_MAX = 1_048_576

/** What the API answers, without a word, to a body of another type than JSON. */
const UNSUPPORTED_MEDIA = 415

type Request = HttpServerRequest.HttpServerRequest
type Response = HttpServerResponse.HttpServerResponse

/** Puts the gate before all routes, and before what no route serves. */
export const guarded = Effect.fn("Gate.guarded")(
  function*<E, R>(routes: Effect.Effect<Response, E, R>) {
    const request = yield* HttpServerRequest.HttpServerRequest
    const refusal = refusalOf(request)
    if (refusal !== undefined) return yield* answer(refusal)
    const response = yield* routes.pipe(
      Effect.provideService(HttpIncomingMessage.MaxBodySize, ByteSize.bytes(BODY_BYTES_MAX)),
      Effect.catchCause((cause) => answerFailure(request, cause))
    )
    return response.status === UNSUPPORTED_MEDIA ? yield* answer(notJson(request)) : response
  }
)

function refusalOf({ headers }: Request): Refused | undefined {
  const { origin } = headers
  if (origin !== undefined) {
    return refused(
      "not_permitted",
      `Cannot serve "${origin}": web pages may not speak to the daemon`
    )
  }
  const bytes = Number(headers["content-length"] ?? 0)
  return bytes > BODY_BYTES_MAX ? tooLarge(`${bytes} bytes`) : undefined
}

/** Answers what a handler failed or died with; whoever has hung up gets no answer. */
function answerFailure<E>(request: Request, cause: Cause.Cause<E>): Effect.Effect<Response> {
  if (Cause.hasInterruptsOnly(cause)) return Effect.interrupt
  const error = Cause.squash(cause)
  if (isRouteNotFound(error)) {
    // To a person it is a 404; to a newer client of this daemon it says which side to upgrade.
    return answer(
      refused("unsupported", `Nothing is served at ${request.method} ${request.url}`),
      404
    )
  }
  const refusal = knownFailure(error)
  return refusal === undefined ? answerDefect(request, cause) : answer(refusal)
}

function answerDefect<E>(request: Request, cause: Cause.Cause<E>): Effect.Effect<Response> {
  const place = `${request.method} ${request.url}`
  const error = Cause.squash(cause)
  if (isDiskFull(error)) {
    return answer(refused("disk_full", `Cannot do this (${place}): the disk is full`))
  }
  if (SqlError.isSqlError(error) && storageFault(error) !== undefined) {
    return answer(refused("disk_failed", `Cannot do this (${place}): ${error.message}`))
  }
  return Effect.andThen(
    Effect.logError(`Failed at ${place}`, cause),
    answer(refused("internal", `The daemon failed at ${place}: its log says why`))
  )
}

function isRouteNotFound(error: unknown): boolean {
  return HttpServerError.isHttpServerError(error) && error.reason._tag === "RouteNotFound"
}

function knownFailure(error: unknown): Refused | undefined {
  if (isRefused(error)) return error
  if (HttpApiError.HttpApiSchemaError.is(error)) return schemaRefusal(error)
  if (!HttpServerError.isHttpServerError(error) || error.reason._tag !== "RequestParseError") {
    return undefined
  }
  return error.reason.reason === "BodyTooLarge"
    ? tooLarge("the body")
    : refused("malformed", `Cannot read the request: ${error.reason.description ?? "it broke off"}`)
}

/** A request that does not fit is the caller's fault; an answer that does not fit is ours. */
function schemaRefusal({ cause, kind }: HttpApiError.HttpApiSchemaError): Refused | undefined {
  if (kind === "Body" || kind === "ResponseHeaders") return undefined
  return refused("malformed", `Cannot read the request's ${kind.toLowerCase()}: ${cause.message}`)
}

function tooLarge(what: string): Refused {
  return refused("too_large", `Cannot take ${what}: a request may carry ${BODY_BYTES_MAX} bytes`)
}

function notJson({ headers }: Request): Refused {
  return refused("malformed", `Cannot read "${headers["content-type"]}": send application/json`)
}

function answer(
  refusal: Refused,
  status: number = errorTable[refusal.code].status
): Effect.Effect<Response> {
  return Effect.orDie(jsonOfRefused(refusal, { status }))
}

const isRefused = Schema.is(Refused)
const jsonOfRefused = HttpServerResponse.schemaJson(Refused)
