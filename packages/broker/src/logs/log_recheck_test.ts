import { layerSeededRandom, MADE_AT, makeMesh, memberOf, sealBetween } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { defaultBrokerLimits } from "../broker_limits.ts"
import { worldOf } from "../gateway/testing/mesh_world.ts"
import { LogStore } from "../store/log_store.ts"

const mesh = makeMesh("recheck", ["ada", "bob"])
const world = worldOf(mesh, { at: MADE_AT, random: layerSeededRandom("recheck") })
const envelope = sealBetween(mesh, { from: "ada", to: ["bob"], text: "hi" })
const text = JSON.stringify(envelope)

describe("LogRecheck", () => {
  it.effect("finds what another broker on the same store has admitted", () =>
    Effect.gen(function*() {
      const receiver = yield* world.attach("bob")
      yield* TestClock.adjust("1 second")
      const store = yield* LogStore
      const ada = yield* store.attach({
        mesh: mesh.membership.mesh,
        device: memberOf(mesh, "ada").device
      })
      yield* store.admit([{ header: envelope.header, text, now: MADE_AT, epoch: ada?.epoch ?? 0 }])
      yield* TestClock.adjust("1 second")
      assert.strictEqual(receiver.inbox.count("push"), 0)

      yield* TestClock.adjust(1.5 * defaultBrokerLimits.recheckMillis)
      assert.deepStrictEqual((yield* receiver.inbox.next("push")).envelope, envelope)
    }).pipe(Effect.provide(world.layer)))
})
