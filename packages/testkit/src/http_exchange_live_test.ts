import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { createServer, type RequestListener, type Server } from "node:http"
import { httpExchange } from "./http_exchange.ts"

/** A server with that listener, and how many connections it was opened. */
const serving = Effect.fnUntraced(function*(listener: RequestListener) {
  let connections = 0
  const server = yield* Effect.acquireRelease(
    Effect.callback<Server>((resume) => {
      const made = createServer(listener).on("connection", () => connections++)
      made.listen({ host: "127.0.0.1", port: 0 }, () => resume(Effect.succeed(made)))
    }),
    (server) => Effect.sync(() => server.close())
  )
  const address = server.address()
  const port = typeof address === "object" ? address?.port ?? 0 : 0
  return { place: { host: "127.0.0.1", port }, connections: () => connections }
})

const question = { method: "OPTIONS", path: "/a?b=%zz", headers: { "x-a": "b" }, body: "hello" }

describe("httpExchange", () => {
  it.live("asks as it is told, over connections that it keeps", () =>
    Effect.gen(function*() {
      const { connections, place } = yield* serving((request, response) => {
        request.setEncoding("utf8").on("data", (body: string) => {
          response.statusCode = 418
          const { headers: { "x-a": header }, method, url } = request
          response.end([method, url, header, body].join(" "))
        })
      })
      const ask = yield* httpExchange(place)
      const answers = [yield* ask(question), yield* ask(question)]

      const answer = { status: 418, text: "OPTIONS /a?b=%zz b hello" }
      assert.deepStrictEqual(answers, [answer, answer])
      assert.strictEqual(connections(), 1)
    }).pipe(Effect.scoped))

  it.live("says when the other end breaks off", () =>
    Effect.gen(function*() {
      const { place } = yield* serving(({ socket }) => socket.destroy())
      const ask = yield* httpExchange(place)

      assert.property(yield* ask(question), "brokeOff")
    }).pipe(Effect.scoped))
})
