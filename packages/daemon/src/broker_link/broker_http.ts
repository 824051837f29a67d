/**
 * What a broker is asked over HTTP: whether it is one, founding a mesh, reading an invite, joining.
 *
 * Every failure is a `Refused`: the broker's own, or that it cannot be reached,
 * or that something else answers at its address.
 *
 * @module
 */
import {
  BrokerApi,
  type BrokerVersion,
  DIALLED_HEADER,
  type ErrorCode,
  isErrorCode,
  type PutStatements,
  Refused,
  refused,
  type StoredLog
} from "@claudemesh/protocol"
import { NodeHttpClient } from "@effect/platform-node"
import { Context, Effect, Layer, Predicate } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { HttpApiClient } from "effect/http-api"

/** The typed client of one broker, before its failures are told apart. */
type RawBroker = HttpApiClient.ForApi<typeof BrokerApi>

/** Asks brokers over HTTP. */
export class BrokerHttp extends Context.Service<BrokerHttp, {
  /** Asks the broker at an origin; whatever goes wrong comes out as `Refused`. */
  readonly ask: <A, E, R>(
    origin: string,
    question: (broker: RawBroker) => Effect.Effect<A, E, R>
  ) => Effect.Effect<A, Refused, R>
  /** What the broker says it is: `not_a_broker` if it is none. */
  readonly version: (origin: string) => Effect.Effect<typeof BrokerVersion.Type, Refused>
  /** Gives the broker a membership log, or what follows of one; what it has already changes nothing. */
  readonly put: (
    origin: string,
    log: typeof PutStatements.Type
  ) => Effect.Effect<typeof StoredLog.Type, Refused>
}>()("@claudemesh/daemon/broker_link/broker_http/BrokerHttp") {
  static readonly layer: Layer.Layer<BrokerHttp> = Layer.effect(
    BrokerHttp,
    Effect.gen(function*() {
      const client = yield* HttpClient.HttpClient
      const ask = Effect.fn("BrokerHttp.ask")(
        function*<A, E, R>(
          origin: string,
          question: (broker: RawBroker) => Effect.Effect<A, E, R>
        ) {
          const broker = yield* HttpApiClient.make(BrokerApi, {
            baseUrl: origin,
            transformClient: HttpClient.mapRequest(
              HttpClientRequest.setHeader(DIALLED_HEADER, origin)
            )
          }).pipe(
            Effect.provideService(HttpClient.HttpClient, client)
          )
          return yield* question(broker).pipe(
            Effect.mapError((error) => asRefused(origin, error)),
            Effect.timeoutOrElse({
              duration: ANSWER_TIMEOUT,
              orElse: () => Effect.fail(silent(origin))
            })
          )
        }
      )
      return BrokerHttp.of({
        ask,
        version: (origin) => ask(origin, (broker) => broker.version()),
        put: (origin, payload) => ask(origin, (broker) => broker.meshes.put({ payload }))
      })
    })
  ).pipe(Layer.provide(NodeHttpClient.layerNodeHttp))
}

/** How long a broker may take to answer. */
const ANSWER_TIMEOUT = "10 seconds"

function silent(origin: string): Refused {
  return refused("broker_unreachable", `Cannot reach the broker at ${origin}: it does not answer`)
}

function asRefused(origin: string, error: unknown): Refused {
  if (isRefusal(error)) return new Refused(error)
  // A request that got an answer which is none of ours was answered by something else.
  if (answered(error)) {
    return refused(
      "not_a_broker",
      `Cannot use ${origin}: what answers there is no claudemesh broker`
    )
  }
  return refused("broker_unreachable", `Cannot reach the broker at ${origin}: ${reasonOf(error)}`)
}

function isRefusal(
  error: unknown
): error is { readonly code: ErrorCode; readonly message: string } {
  return Predicate.isTagged(error, "Refused") && "code" in error &&
    typeof error.code === "string" &&
    isErrorCode(error.code) && "message" in error && typeof error.message === "string"
}

function answered(error: unknown): boolean {
  if (Predicate.isTagged(error, "SchemaError")) return true
  return Predicate.isTagged(error, "HttpClientError") && "response" in error &&
    error.response !== undefined
}

/** What the system says of an address, in words. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "it hung up",
  EHOSTUNREACH: "there is no way to it",
  ENETUNREACH: "there is no way to it",
  ENOTFOUND: "there is no host of that name",
  EAI_AGAIN: "its name cannot be looked up now",
  ETIMEDOUT: "it does not answer"
}

function reasonOf(error: unknown): string {
  const cause = Predicate.hasProperty(error, "cause") ? error.cause : error
  if (Predicate.hasProperty(cause, "code") && typeof cause.code === "string") {
    return REASONS[cause.code] ?? cause.code
  }
  return Predicate.hasProperty(error, "message") ? String(error.message) : "it failed"
}
