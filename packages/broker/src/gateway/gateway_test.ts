import { closeCodes, limits } from "@claudemesh/protocol"
import { layerSeededRandom, MADE_AT, makeMesh, sealBetween } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect } from "effect"
import { TestClock } from "effect/testing"
import { defaultBrokerLimits } from "../broker_limits.ts"
import { Gateway } from "./gateway.ts"
import { connectLoopback } from "./testing/loopback.ts"
import { worldOf } from "./testing/mesh_world.ts"
import { attachFrame, attachTo, say, sendFrame } from "./testing/test_device.ts"

const mesh = makeMesh("gateway", ["ada", "bob"])

const world = worldOf(mesh, { at: MADE_AT, random: layerSeededRandom("gateway") })

describe("Gateway", () => {
  it.effect("opens with a challenge that is never the same", () =>
    Effect.gen(function*() {
      const one = yield* (yield* connectLoopback).inbox.next("challenge")
      const other = yield* (yield* connectLoopback).inbox.next("challenge")
      assert.notStrictEqual(one.nonce, other.nonce)
    }).pipe(Effect.provide(world.layer)))

  it.effect("closes a connection that does not attach in time", () =>
    Effect.gen(function*() {
      const wire = yield* connectLoopback
      yield* TestClock.adjust(limits.attachMillisMax)
      const { code } = yield* Deferred.await(wire.inbox.closing)
      assert.strictEqual(code, closeCodes.policy)
    }).pipe(Effect.provide(world.layer)))

  it.effect("answers a ping before and after the attach", () =>
    Effect.gen(function*() {
      const wire = yield* connectLoopback
      yield* say(wire, { type: "ping", t: 1 })
      assert.strictEqual((yield* wire.inbox.next("pong")).t, 1)
      yield* attachTo(wire, world.identityOf("ada"))
      yield* say(wire, { type: "ping", t: 2 })
      assert.strictEqual((yield* wire.inbox.next("pong")).t, 2)
    }).pipe(Effect.provide(world.layer)))

  it.effect("closes a connection that sends before it attaches", () =>
    Effect.gen(function*() {
      const wire = yield* connectLoopback
      yield* say(wire, sendFrame(sealBetween(mesh, { from: "ada", to: ["bob"], text: "hi" })))
      assert.strictEqual((yield* wire.inbox.next("refused")).code, "not_attached")
      assert.strictEqual((yield* Deferred.await(wire.inbox.closing)).code, closeCodes.policy)
    }).pipe(Effect.provide(world.layer)))

  it.effect("reads no further frame of a connection that has not attached before it has handled one", () =>
    Effect.gen(function*() {
      const wire = yield* connectLoopback
      wire.send(`{"type":"ping","t":1}`)
      assert.isTrue(wire.state.isPaused)
      yield* wire.inbox.next("pong")
      yield* Effect.yieldNow
      assert.isFalse(wire.state.isPaused)
    }).pipe(Effect.provide(world.layer)))

  it.effect("closes a connection that brings more than a few frames before it attaches", () =>
    Effect.gen(function*() {
      const wire = yield* connectLoopback
      for (let t = 0; t < 100; t++) wire.send(`{"type":"ping","t":1}`)
      assert.strictEqual((yield* Deferred.await(wire.inbox.closing)).code, closeCodes.policy)
    }).pipe(Effect.provide(world.layer)))

  it.effect("slows a fast sender down and refuses nothing", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      const pings = defaultBrokerLimits.framesBurst + defaultBrokerLimits.framesPerSecond
      for (let t = 0; t < pings; t++) yield* say(ada, { type: "ping", t })
      assert.isTrue(ada.state.isPaused)
      yield* TestClock.adjust("500 millis")
      assert.isBelow(ada.inbox.count("pong"), pings)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(ada.inbox.count("pong"), pings)
      assert.strictEqual(ada.inbox.count("refused"), 0)
    }).pipe(Effect.provide(world.layer)))

  it.effect("answers nobody who does not read, and goes on once the client has read", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      ada.state.bufferedBytes = defaultBrokerLimits.bufferedBytesMax + 1
      for (let ref = 0; ref < 500; ref++) {
        yield* say(ada, { type: "read_statements", ref, mesh: mesh.membership.mesh, after: 0 })
      }
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual(ada.inbox.count("statements"), 0)
      assert.isTrue(ada.state.isPaused)

      ada.state.bufferedBytes = 0
      yield* TestClock.adjust("1 second")
      assert.strictEqual(ada.inbox.count("statements"), 500)
    }).pipe(Effect.provide(world.layer)))

  it.effect("drops at once whoever has far too much to read, whatever it is told", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      ada.state.bufferedBytes = defaultBrokerLimits.bufferedBytesDropped + 1
      yield* world.attach("bob")
      yield* TestClock.adjust(defaultBrokerLimits.presenceMillis)
      assert.strictEqual((yield* Deferred.await(ada.inbox.closing)).code, closeCodes.overloaded)
      assert.isTrue(ada.state.isTerminated)
    }).pipe(Effect.provide(world.layer)))

  it.effect("tells everybody to come back when it stops", () =>
    Effect.gen(function*() {
      const ada = yield* Effect.provide(world.attach("ada"), world.layer)
      assert.isAbove((yield* ada.inbox.next("goaway")).after_ms, 0)
      assert.strictEqual((yield* Deferred.await(ada.inbox.closing)).code, closeCodes.restart)
    }))

  it.effect("forgets a connection that has closed", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      const gateway = yield* Gateway
      assert.lengthOf(gateway.connections(), 1)
      ada.close()
      yield* Effect.yieldNow
      assert.lengthOf(gateway.connections(), 0)
    }).pipe(Effect.provide(world.layer)))

  it.effect("takes a signed challenge on the connection it was made for, and on no other", () =>
    Effect.gen(function*() {
      const one = yield* connectLoopback
      const other = yield* connectLoopback
      const frame = attachFrame(world.identityOf("ada"), yield* one.inbox.next("challenge"))
      yield* say(one, frame)
      yield* one.inbox.next("attached")
      yield* say(other, frame)
      assert.strictEqual((yield* other.inbox.next("refused")).code, "bad_signature")
    }).pipe(Effect.provide(world.layer)))
})
