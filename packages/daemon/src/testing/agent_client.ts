/**
 * Calls the handlers of a made local API as an agent does: with the token of its session.
 *
 * @module
 */
import { LocalApi } from "@claudemesh/protocol/local_api"
import { Effect, Scope } from "effect"
import {
  HttpClient,
  HttpClientRequest,
  HttpRouter,
  HttpServerRequest,
  HttpServerResponse
} from "effect/http"
import { HttpApiBuilder, HttpApiClient } from "effect/http-api"
import { readFileSync } from "node:fs"
import { registered } from "./registering.ts"
import { theMesh } from "./made_daemon.ts"

/** Registers a run of that pid in the only mesh there is; answers with its id, and with its calls. */
export const begunAgent = Effect.fnUntraced(function*(
  pid: number,
  { unprompted = false }: { readonly unprompted?: boolean } = {}
) {
  const { id: mesh } = yield* theMesh
  const { id, token_file } = yield* registered(pid, { mesh, unprompted })
  return { id, calls: yield* clientWith(readFileSync(token_file, "utf8")) }
})

const clientWith = Effect.fnUntraced(function*(token: string) {
  const handler = yield* HttpRouter.toHttpEffect(HttpApiBuilder.layer(LocalApi))
  const scope = yield* Effect.scope
  const httpClient = HttpClient.make((request) =>
    handler.pipe(
      Effect.map((response) => HttpServerResponse.toClientResponse(response, { request })),
      Effect.provideService(
        HttpServerRequest.HttpServerRequest,
        HttpServerRequest.fromClientRequest(request)
      ),
      Effect.provideService(Scope.Scope, scope),
      Effect.orDie
    )
  ).pipe(HttpClient.mapRequest(HttpClientRequest.bearerToken(token)))
  return yield* HttpApiClient.makeWith(LocalApi, { httpClient, baseUrl: "http://daemon" })
})
