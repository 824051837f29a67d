import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect } from "effect"
import { brokerOn, connectLive } from "./live_broker.ts"
import { temporaryDirectory } from "../../testing/temporary_directory.ts"
import { connectWebSocket } from "./web_socket_wire.ts"

describe("connectWebSocket", () => {
  it.live("hears frames and how it was closed, and says when it was not taken", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      yield* Effect.gen(function*() {
        const wire = yield* connectLive()
        yield* wire.inbox.next("challenge")
        wire.close()
        assert.strictEqual((yield* Deferred.await(wire.inbox.closing)).code, 1005)
      }).pipe(Effect.scoped, Effect.provide(brokerOn(directory)))
      const refused = yield* Effect.flip(Effect.scoped(connectWebSocket("http://127.0.0.1:1")))
      assert.strictEqual(refused.status, 0)
    }).pipe(Effect.scoped))
})
