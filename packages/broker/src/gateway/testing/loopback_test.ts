import { layerSeededRandom, MADE_AT } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect } from "effect"
import { connectLoopback, LOOPBACK_ORIGIN } from "./loopback.ts"
import { layerMemoryBroker } from "./memory_broker.ts"

describe("connectLoopback", () => {
  it.effect("speaks with the gateway without a socket", () =>
    Effect.gen(function*() {
      const wire = yield* connectLoopback
      assert.strictEqual((yield* wire.inbox.next("challenge")).origin, LOOPBACK_ORIGIN)
      wire.connection.close(1000, "done")
      assert.deepStrictEqual(yield* Deferred.await(wire.inbox.closing), {
        code: 1000,
        reason: "done"
      })
    }).pipe(
      Effect.provide(layerMemoryBroker({ at: MADE_AT, random: layerSeededRandom("loopback") }))
    ))
})
