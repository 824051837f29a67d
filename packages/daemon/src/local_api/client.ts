/**
 * Talks to the daemon over its socket: every call answers or is `Refused`.
 *
 * Before each call the socket and its directory are looked at, so that a socket which somebody else
 * put there is never spoken to.
 *
 * @module
 */
import { NodeFileSystem, NodeHttpClient } from "@effect/platform-node"
import { Refused, refused, type RefusedOverHttp } from "@claudemesh/protocol/errors"
import { LocalApi } from "@claudemesh/protocol/local_api"
import {
  Context,
  Effect,
  FileSystem,
  identity,
  Layer,
  Predicate,
  Record,
  type Redacted,
  Schema,
  Stream
} from "effect"
import { HttpClient, HttpClientError, HttpClientRequest, HttpClientResponse } from "effect/http"
import { HttpApiClient, type HttpApiEndpoint } from "effect/http-api"
import { directoryOf, type Fault, ownUid, systemReason, trustFault } from "../private_file.ts"

/** How long a call may take; a stream must have begun by then. */
const ANSWER_TIMEOUT = "30 seconds"

/** Permission bits that let others put a socket in place of ours. */
const WRITABLE_BY_OTHERS = 0o022

/** What a call answers with: a stream fails as calls do. */
type Answer<Success> = HttpApiClient.SuccessType<Success> extends infer A
  ? A extends Stream.Stream<infer Item, infer _E, infer _R> ? Stream.Stream<Item, Refused> : A
  : never

/** One endpoint as a function. */
type Call<Endpoint extends HttpApiEndpoint.ConstraintRequest> = (
  request: HttpApiEndpoint.ClientRequest<
    Endpoint["~Params"],
    Endpoint["~Query"],
    Endpoint["~Payload"],
    Endpoint["~Headers"],
    "decoded-only"
  >
) => Effect.Effect<Answer<Endpoint["~Success"]>, Refused>

/** The calls of a group, by the names of its endpoints. */
type Calls<Endpoints> = {
  readonly [Name in keyof Endpoints]: Endpoints[Name] extends HttpApiEndpoint.ConstraintRequest
    ? Call<Endpoints[Name]>
    : never
}

type Groups = (typeof LocalApi)["groups"]

/** The local API as calls: `daemon.messages.send({ payload })`. */
export type DaemonCalls = { readonly [Name in keyof Groups]: Calls<Groups[Name]["endpoints"]> }

/** Where the daemon is, and for which agent it is asked. */
export interface DaemonPlace {
  readonly socketPath: string
  readonly token?: Redacted.Redacted | undefined
}

/** The running daemon of this machine. */
export class Daemon extends Context.Service<Daemon, DaemonCalls>()(
  "@claudemesh/daemon/local_api/client/Daemon"
) {
  /**
   * Talks to the daemon that listens on the socket; connects with each call, not before. With the token of a
   * session, what is asked is asked for that agent.
   */
  static layer({ socketPath, token }: DaemonPlace): Layer.Layer<Daemon> {
    return Layer.effect(Daemon, makeCalls({ socketPath, token })).pipe(
      Layer.provide([NodeHttpClient.layerNodeHttpOptions({ socketPath }), NodeFileSystem.layer])
    )
  }
}

const makeCalls = Effect.fnUntraced(function*({ socketPath, token }: DaemonPlace) {
  const httpClient = (yield* HttpClient.HttpClient).pipe(
    HttpClient.mapRequest(token === undefined ? identity : HttpClientRequest.bearerToken(token)),
    HttpClient.transformResponse(Effect.flatMap(failAsTold))
  )
  const client = yield* HttpApiClient.makeWith(LocalApi, { httpClient, baseUrl: "http://daemon" })
  const look = Effect.provideService(
    refuseStranger(socketPath),
    FileSystem.FileSystem,
    yield* FileSystem.FileSystem
  )

  function refusable(call: Effect.Effect<unknown, CallFailure>): Effect.Effect<unknown, Refused> {
    return Effect.andThen(look, call).pipe(
      Effect.timeoutOrElse({ duration: ANSWER_TIMEOUT, orElse: () => silent(socketPath) }),
      Effect.mapError((error) => asRefused(error, socketPath)),
      Effect.map((answer) =>
        Stream.isStream(answer)
          ? Stream.mapError(answer, (error) => asBrokenOff(error, socketPath))
          : answer
      )
    )
  }

  const calls = Record.map(
    client,
    (group: AnyCalls) => Record.map(group, (call) => (request: never) => refusable(call(request)))
  )
  // The compiler cannot follow a map over functions of different types; `Calls` says what it does to each.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return calls as unknown as DaemonCalls
})

/** How the client's own calls fail. */
type CallFailure =
  | HttpClientError.HttpClientError
  | Schema.SchemaError
  | Refused
  | (typeof RefusedOverHttp)[number]["Type"]

/** The calls of a group as the client makes them. */
type AnyCalls = Readonly<
  globalThis.Record<string, (request: never) => Effect.Effect<unknown, CallFailure>>
>

/** Fails unless a socket of ours is there, in a directory where nobody else could have put one. */
const refuseStranger = Effect.fn("Daemon.refuseStranger")(function*(path: string) {
  const directory = directoryOf(path)
  const around = yield* lookAt(directory, path)
  yield* refuseFault(directory, trustFault(directory, around, { type: "Directory", uid: ownUid() }))
  if ((around.mode & WRITABLE_BY_OTHERS) !== 0) {
    yield* refuseFault(directory, {
      reason: "others may write to it",
      fix: `chmod 700 '${directory}'`
    })
  }
  yield* refuseFault(
    path,
    trustFault(path, yield* lookAt(path, path), { type: "Socket", uid: ownUid() })
  )
})

const lookAt = Effect.fn("Daemon.lookAt")(function*(path: string, socketPath: string) {
  const fs = yield* FileSystem.FileSystem
  return yield* Effect.mapError(fs.lstat(path), (error) =>
    error.reason._tag === "NotFound"
      ? notRunning(socketPath)
      : refused("home_unusable", `Cannot look at "${path}": ${systemReason(error)}`))
})

function refuseFault(path: string, fault: Fault | undefined): Effect.Effect<void, Refused> {
  if (fault === undefined) return Effect.void
  return Effect.fail(
    refused("home_unusable", `Cannot trust "${path}": ${fault.reason}; ${fault.fix}`)
  )
}

/** Whatever the endpoint, and whichever version refuses: what is no success is a `Refused`. */
function failAsTold(response: HttpClientResponse.HttpClientResponse) {
  if (response.status < 400) return Effect.succeed(response)
  return Effect.flatMap(
    HttpClientResponse.schemaBodyJson(Refused)(response),
    (refusal) => Effect.fail(refusal)
  )
}

/** A call's failure as a refusal: the daemon's own, or what its absence looks like. */
function asRefused(error: unknown, socketPath: string): Refused {
  if (isRefused(error)) return error
  if (HttpClientError.isHttpClientError(error) && error.reason._tag === "TransportError") {
    return transportRefusal(error.reason.cause, socketPath)
  }
  const reason = Predicate.isError(error) ? error.message : String(error)
  return refused("internal", `Cannot understand the daemon at "${socketPath}": ${reason}`)
}

/** The failure of a stream that had begun: what its bytes cannot be read for is that there are no more. */
function asBrokenOff(error: unknown, socketPath: string): Refused {
  return HttpClientError.isHttpClientError(error)
    ? transportRefusal(error.reason.cause, socketPath)
    : asRefused(error, socketPath)
}

const isRefused = Schema.is(Refused)

function transportRefusal(cause: unknown, socketPath: string): Refused {
  const code = Predicate.hasProperty(cause, "code") ? cause.code : undefined
  if (code === "ECONNREFUSED" || code === "ENOENT") return notRunning(socketPath)
  const reason = Predicate.isError(cause) ? cause.message : "it hung up"
  return refused("daemon_not_running", `The daemon at "${socketPath}" broke off: ${reason}`)
}

function notRunning(socketPath: string): Refused {
  return refused("daemon_not_running", `No daemon listens at "${socketPath}"`)
}

function silent(socketPath: string): Effect.Effect<never, Refused> {
  const message = `The daemon at "${socketPath}" does not answer: waited ${ANSWER_TIMEOUT}`
  return Effect.fail(refused("daemon_not_running", message))
}
