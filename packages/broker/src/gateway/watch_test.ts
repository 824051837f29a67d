import { closeCodes, limits } from "@claudemesh/protocol"
import { layerSeededRandom, MADE_AT, makeMesh, sealBetween } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { BrokerLimits, defaultBrokerLimits } from "../broker_limits.ts"
import { worldOf } from "./testing/mesh_world.ts"
import { say, sendFrame } from "./testing/test_device.ts"

const mesh = makeMesh("watch", ["ada", "bob"])
/** The watch itself does not come round within the test. */
const byHand = { ...defaultBrokerLimits, watchMillis: 3_600_000 }

const world = worldOf(mesh, { at: MADE_AT, random: layerSeededRandom("watch") })

describe("Watch", () => {
  it.effect("drops a connection that has been silent for too long", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      yield* TestClock.adjust(limits.deadMillis + defaultBrokerLimits.watchMillis)
      assert.isTrue(ada.state.isTerminated)
      assert.isAbove(ada.state.pings, 0)
    }).pipe(Effect.provide(world.layer)))

  it.effect("pings a quiet connection once an interval, however seldom or often it looks", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      yield* TestClock.adjust(limits.pingMillis + 1_500)
      ada.connection.watch()
      ada.connection.watch()
      assert.strictEqual(ada.state.pings, 1)
      yield* TestClock.adjust(limits.pingMillis)
      ada.connection.watch()
      assert.strictEqual(ada.state.pings, 2)
    }).pipe(Effect.provide(Layer.provide(world.layer, Layer.succeed(BrokerLimits, byHand)))))

  it.effect("keeps a connection that shows signs of life", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      for (let t = 0; t < 8; t++) {
        yield* TestClock.adjust(limits.pingMillis)
        yield* say(ada, { type: "ping", t })
        yield* ada.inbox.next("pong")
      }
      assert.isFalse(ada.state.isTerminated)
    }).pipe(Effect.provide(world.layer)))

  it.effect("closes a connection that reads too slowly", () =>
    Effect.gen(function*() {
      const bob = yield* world.attach("bob")
      bob.state.bufferedBytes = defaultBrokerLimits.bufferedBytesMax + 1
      yield* TestClock.adjust(defaultBrokerLimits.stalledMillisMax + 2_000)
      assert.strictEqual((yield* Deferred.await(bob.inbox.closing)).code, closeCodes.overloaded)
    }).pipe(Effect.provide(world.layer)))

  it.effect("goes on pushing once a slow reader has read", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      const bob = yield* world.attach("bob")
      bob.state.bufferedBytes = defaultBrokerLimits.bufferedBytesMax + 1
      yield* say(ada, sendFrame(sealBetween(mesh, { from: "ada", to: ["bob"], text: "hi" })))
      yield* ada.inbox.next("admitted")
      assert.strictEqual(bob.inbox.count("push"), 0)

      bob.state.bufferedBytes = 0
      yield* TestClock.adjust("1 second")

      assert.strictEqual((yield* bob.inbox.next("push")).seq, 1)
    }).pipe(Effect.provide(world.layer)))
})
