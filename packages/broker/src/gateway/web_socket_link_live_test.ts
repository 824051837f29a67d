import { limits } from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect } from "effect"
import { brokerOn, connectLive } from "./testing/live_broker.ts"
import { temporaryDirectory } from "../testing/temporary_directory.ts"
import { makeWebSocketServer } from "./web_socket_link.ts"

describe("makeWebSocketServer", () => {
  it("sets every limit that ws leaves wide", () => {
    const { options } = makeWebSocketServer()
    assert.deepInclude(options, {
      maxPayload: limits.frameBytesMax,
      maxFragments: 16,
      maxBufferedChunks: 1_024,
      perMessageDeflate: false
    })
  })
})

describe("linkOf", () => {
  it.live("answers pings of the transport, and negotiates no compression", () =>
    Effect.gen(function*() {
      const broker = brokerOn(yield* temporaryDirectory)
      yield* Effect.gen(function*() {
        const { inbox, socket } = yield* connectLive()
        yield* inbox.next("challenge")
        const ponged = Deferred.makeUnsafe<void>()
        socket.on("pong", () => Deferred.doneUnsafe(ponged, Effect.void))
        socket.ping()
        yield* Deferred.await(ponged)
        assert.strictEqual(socket.extensions, "")
      }).pipe(Effect.scoped, Effect.provide(broker))
    }).pipe(Effect.scoped))
})
