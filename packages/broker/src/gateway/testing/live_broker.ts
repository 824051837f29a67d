/**
 * What live tests do with a broker that listens: find a mesh in it, ask it, stop it.
 *
 * @module
 */
import type { Statement } from "@claudemesh/protocol"
import { Effect } from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest } from "effect/http"
import { BrokerAddress, type BrokerOptions, layerBroker } from "../../broker_server.ts"
import { connectWebSocket } from "./web_socket_wire.ts"

/** A broker on a free port of this machine. */
export function brokerOn(
  dataDirectory: string,
  known: Pick<BrokerOptions, "publicUrl"> = {}
) {
  return layerBroker({ dataDirectory, listen: { host: "127.0.0.1", port: 0 }, ...known })
}

/** Posts JSON to the broker; answers with status and JSON. */
export const post = Effect.fnUntraced(
  function*(path: string, body: unknown) {
    const { origin } = yield* BrokerAddress
    const request = HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.post(origin + path), body)
    const response = yield* HttpClient.execute(request)
    return { status: response.status, body: yield* response.json }
  },
  Effect.orDie,
  Effect.provide(FetchHttpClient.layer)
)

/** Stores a membership log, which must be taken. */
export const foundOver = Effect.fnUntraced(function*(statements: ReadonlyArray<Statement>) {
  const { body, status } = yield* post("/v1/meshes", { statements })
  return status === 200 ? body : yield* Effect.die(body)
})

/** Opens a socket to the broker. */
export const connectLive = Effect.fnUntraced(function*(headers?: Record<string, string>) {
  const { origin } = yield* BrokerAddress
  return yield* connectWebSocket(origin, headers)
})
