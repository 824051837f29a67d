import { utf8 } from "@claudemesh/protocol/crypto"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { createServer, type Server, type Socket } from "node:net"
import { exchangeBytes } from "./byte_exchange.ts"

/** A server that does this with whoever connects. */
const serverThat = Effect.fnUntraced(function*(act: (socket: Socket) => void) {
  const server = yield* Effect.acquireRelease(
    Effect.callback<Server>((resume) => {
      const made = createServer(act).listen({ host: "127.0.0.1", port: 0 }, () => {
        resume(Effect.succeed(made))
      })
    }),
    (server) => Effect.sync(() => server.close())
  )
  const address = server.address()
  return { host: "127.0.0.1", port: typeof address === "object" ? address?.port ?? 0 : 0 }
})

describe("exchangeBytes", () => {
  it.live("answers with what came back until the other end closed", () =>
    Effect.gen(function*() {
      const place = yield* serverThat((socket) => {
        socket.once("data", (data: Buffer) => socket.end(`heard ${data.toString()}`))
      })
      const back = yield* exchangeBytes(place, [utf8("a"), utf8("b")])

      assert.match(Buffer.from(back).toString(), /^heard ab?$/)
    }).pipe(Effect.scoped))

  it.live("takes it that the other end drops the connection", () =>
    Effect.gen(function*() {
      const place = yield* serverThat((socket) => socket.resetAndDestroy())

      assert.lengthOf(yield* exchangeBytes(place, [new Uint8Array(10_000_000)]), 0)
    }).pipe(Effect.scoped))
})
