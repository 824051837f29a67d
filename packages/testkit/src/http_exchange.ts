/**
 * Sends HTTP requests over kept connections, to a port or a Unix socket, as no client of ours would.
 *
 * @module
 */
import { Effect, type Scope } from "effect"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- a client that lets everything through
import { Agent, request } from "node:http"

/** Where to: a port of this machine, or a Unix socket. */
export type HttpPlace =
  | { readonly host: string; readonly port: number }
  | { readonly socketPath: string }

/** What to send. */
export interface HttpQuestion {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** What came back: an answer, or how the connection ended. */
export type HttpReply =
  | { readonly status: number; readonly text: string }
  | { readonly brokeOff: string }

/** Asks one question after another; connections are kept until the scope closes. */
export const httpExchange = Effect.fnUntraced(function*(
  place: HttpPlace
): Effect.fn.Return<(question: HttpQuestion) => Effect.Effect<HttpReply>, never, Scope.Scope> {
  const agent = yield* Effect.acquireRelease(
    Effect.sync(() => new Agent({ keepAlive: true, maxSockets: 16 })),
    (agent) => Effect.sync(() => agent.destroy())
  )
  return ({ body, headers, method, path }) =>
    Effect.callback<HttpReply>((resume) => {
      // Node gives a body no length where the method rarely has one, and its end would be the next request.
      const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) }
      const asked = request({ ...place, agent, method, path, headers: { ...length, ...headers } })
      asked.on("response", (response) => {
        const chunks: Array<Buffer> = []
        response.on("data", (chunk: Buffer) => chunks.push(chunk))
        response.on("close", () => {
          const text = Buffer.concat(chunks).toString()
          resume(Effect.succeed({ status: response.statusCode ?? 0, text }))
        })
      })
      asked.on("error", ({ message }) => resume(Effect.succeed({ brokeOff: message })))
      asked.end(body)
      return Effect.sync(() => asked.destroy())
    })
})
