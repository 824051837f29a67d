/**
 * An HTTP server on loopback that plays the model for a real client, and keeps what it was asked.
 *
 * It answers `POST /v1/messages`, as a stream or in one piece, from a script;
 * it counts tokens; to all else it has a harmless answer.
 *
 * @module
 */
import { Clock, Effect, FiberSet, type Scope } from "effect"
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse
  // oxlint-disable-next-line effecttsgo/node-builtin-import -- it is as plain as a server can be
} from "node:http"
import { messageOf, streamOf } from "./answer.ts"
import { type ApiRequest, type MessagesBody, type ReadRequest, readRequest } from "./api_request.ts"
import { type Gate, type GateAt, makeGates } from "./gates.ts"
import { makeRequestLog } from "./request_log.ts"
import { makeScriptPlayer, type Scripts } from "./script.ts"
import type { Turn } from "./turn.ts"

/** The API of one test. */
export interface ScriptedApi {
  /** For `ANTHROPIC_BASE_URL`. */
  readonly url: string
  /** Every request, in the order in which they had arrived. */
  readonly requests: () => ReadonlyArray<ApiRequest>
  readonly mainRequests: () => ReadonlyArray<ApiRequest>
  readonly subagentRequests: () => ReadonlyArray<ApiRequest>
  /** The first request that fits, whether it came or is to come. */
  readonly awaitRequest: (fits: (request: ApiRequest) => boolean) => Effect.Effect<ApiRequest>
  /** The n-th request of the main conversation, from 0. */
  readonly awaitMain: (number: number) => Effect.Effect<ApiRequest>
  /** Adds turns to the main script. */
  readonly play: (...turns: ReadonlyArray<Turn>) => Effect.Effect<void>
  /** Adds turns to the script of the sub-agents. */
  readonly playSubagents: (...turns: ReadonlyArray<Turn>) => Effect.Effect<void>
  /** Freezes the model before it answers such a request; the request itself is seen at once. */
  readonly gate: (at: GateAt) => Effect.Effect<Gate>
}

/** Listens until the scope closes. */
export const makeScriptedApi = Effect.fn("makeScriptedApi")(function*(
  scripts: Scripts = {}
): Effect.fn.Return<ScriptedApi, never, Scope.Scope> {
  const log = makeRequestLog()
  const gates = makeGates()
  const player = makeScriptPlayer(scripts)
  let answers = 0

  const answer = Effect.fnUntraced(function*(incoming: IncomingMessage) {
    const read = yield* readIncoming(incoming)
    const request = log.add(read, yield* Clock.currentTimeMillis)
    yield* gates.pass(request)
    if (request.body === undefined) return harmlessAnswer(request)
    return scriptedAnswer(request.body, player.turnFor(request), answers++)
  })

  const run = yield* FiberSet.makeRuntime()
  const port = yield* listening(createServer((incoming, outgoing) => {
    const answered = Effect.tap(answer(incoming), (answer) => send(outgoing, answer))
    // A client that breaks off a request uses up no turn.
    run(Effect.raceFirst(answered, closed(outgoing)))
  }))

  return {
    url: `http://127.0.0.1:${port}`,
    requests: log.all,
    mainRequests: () => log.of("main"),
    subagentRequests: () => log.of("subagent"),
    awaitRequest: log.first,
    awaitMain: (wanted) => log.first(({ kind, number }) => kind === "main" && number === wanted),
    play: (...turns) => Effect.sync(() => player.add("main", turns)),
    playSubagents: (...turns) => Effect.sync(() => player.add("subagent", turns)),
    gate: gates.make
  }
})

interface Answer {
  readonly type: string
  readonly text: string
}

function scriptedAnswer({ model, stream }: MessagesBody, turn: Turn, number: number): Answer {
  const options = { turn, model, number }
  return stream === true
    ? { type: "text/event-stream", text: streamOf(options) }
    : jsonAnswer(messageOf(options))
}

/** What else a client asks, by the end of the path. */
const harmless: Readonly<Record<string, unknown>> = {
  count_tokens: { input_tokens: 10 },
  models: { data: [], has_more: false, first_id: null, last_id: null }
}

function harmlessAnswer({ path }: ApiRequest): Answer {
  return jsonAnswer(harmless[path.split("/").at(-1) ?? ""] ?? {})
}

function jsonAnswer(value: unknown): Answer {
  return { type: "application/json", text: JSON.stringify(value) }
}

function send(outgoing: ServerResponse, { text, type }: Answer): Effect.Effect<void> {
  return Effect.sync(() => {
    outgoing.writeHead(200, { "content-type": type, "content-length": Buffer.byteLength(text) })
    outgoing.end(text)
  })
}

function readIncoming(incoming: IncomingMessage): Effect.Effect<ReadRequest> {
  return Effect.callback((resume) => {
    const chunks: Array<Buffer> = []
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk))
    incoming.on("end", () => {
      const { headers, method = "", url = "" } = incoming
      const path = url.split("?")[0] ?? ""
      const text = Buffer.concat(chunks).toString()
      resume(Effect.sync(() => readRequest({ method, path, headers: flat(headers), text })))
    })
  })
}

function flat(headers: IncomingMessage["headers"]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value].flat().join(", ")])
  )
}

function closed(outgoing: ServerResponse): Effect.Effect<void> {
  return Effect.callback((resume) => {
    outgoing.once("close", () => resume(Effect.void))
  })
}

function listening(server: Server): Effect.Effect<number, never, Scope.Scope> {
  const opened = Effect.callback<number>((resume) => {
    server.once("error", (error) => resume(Effect.die(error)))
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0))
    })
  })
  return Effect.acquireRelease(opened, () =>
    Effect.sync(() => {
      server.close()
      server.closeAllConnections()
    }))
}
