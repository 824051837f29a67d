/**
 * Asks `CallerScope` about any endpoint of the local API, without what the endpoint would do.
 *
 * @module
 */
import { Caller, CallerScope, LocalApi } from "@claudemesh/protocol/local_api"
import { Effect, Option } from "effect"
import { HttpClientRequest, HttpRouter, HttpServerRequest, HttpServerResponse } from "effect/http"
import { HttpApi, type HttpApiEndpoint, type HttpApiGroup } from "effect/http-api"

/** Where something can be asked. */
interface Place {
  readonly group: HttpApiGroup.Top
  readonly endpoint: HttpApiEndpoint.Top
}

/** Every endpoint there is, as `group.endpoint`. */
export const places = new Map<string, Place>()
HttpApi.reflect(LocalApi, {
  onGroup: () => undefined,
  onEndpoint: ({ endpoint, group }) => {
    places.set(`${group.identifier}.${endpoint.identifier}`, { endpoint, group })
  }
})

/** Nobody looks at it. */
const ROUTE = HttpRouter.route("GET", "/", HttpServerResponse.empty())

/** Who asks at that endpoint with that header, as the handler is told. */
export const callerAt = Effect.fnUntraced(function*(name: string, authorization?: string) {
  const place = places.get(name) ?? (yield* Effect.die(`There is no endpoint ${name}`))
  return yield* callerAtPlace(place, authorization)
})

/** The same at a place that need not be one of the local API. */
export const callerAtPlace = Effect.fnUntraced(function*(place: Place, authorization?: string) {
  const scope = yield* CallerScope
  let told = "nobody"
  const handling = Effect.as(
    Caller.use(({ session }) =>
      Effect.sync(() => {
        told = Option.getOrElse(session, () => "the user")
      })
    ),
    HttpServerResponse.empty()
  )
  const request = HttpClientRequest.get("http://daemon/").pipe(
    HttpClientRequest.setHeaders(authorization === undefined ? {} : { authorization })
  )
  yield* scope(handling, place).pipe(
    Effect.provideService(
      HttpServerRequest.HttpServerRequest,
      HttpServerRequest.fromClientRequest(request)
    ),
    Effect.provideService(HttpServerRequest.ParsedSearchParams, {}),
    Effect.provideService(HttpRouter.RouteContext, { params: {}, route: ROUTE })
  )
  return told
}, Effect.scoped)
