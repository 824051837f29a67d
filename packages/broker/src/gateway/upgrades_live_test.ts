import { SOCKET_PATH } from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { BrokerAddress } from "../broker_server.ts"
import { brokerOn, connectLive } from "./testing/live_broker.ts"
import { temporaryDirectory } from "../testing/temporary_directory.ts"
import { connectWebSocket } from "./testing/web_socket_wire.ts"

/** The HTTP status with which an upgrade is refused. */
function statusOf(headers: Record<string, string>) {
  return Effect.map(Effect.flip(connectLive(headers)), ({ status }) => status)
}

describe("upgrades", () => {
  it.live("are refused to web pages, to other hosts, and beside the socket's path", () =>
    Effect.gen(function*() {
      const broker = brokerOn(yield* temporaryDirectory)
      yield* Effect.gen(function*() {
        const { origin } = yield* BrokerAddress
        assert.strictEqual(yield* statusOf({ Origin: "http://evil.example" }), 403)
        assert.strictEqual(yield* statusOf({ Host: "evil.example" }), 403)
        const beside = yield* Effect.flip(connectWebSocket(`${origin}/elsewhere?${SOCKET_PATH}`))
        assert.strictEqual(beside.status, 400)
      }).pipe(Effect.scoped, Effect.provide(broker))
    }).pipe(Effect.scoped))

  it.live("name the broker as the client reached it", () =>
    Effect.gen(function*() {
      const broker = brokerOn(yield* temporaryDirectory)
      yield* Effect.gen(function*() {
        const { port } = yield* BrokerAddress
        const wire = yield* connectLive({ Host: `localhost:${port}` })
        const { origin } = yield* wire.inbox.next("challenge")
        assert.strictEqual(origin, `http://localhost:${port}`)
      }).pipe(Effect.scoped, Effect.provide(broker))
    }).pipe(Effect.scoped))
})
