import { closeCodes } from "@claudemesh/protocol"
import { layerSeededRandom, MADE_AT, makeMesh, memberOf, sealBetween } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect } from "effect"
import { TestClock } from "effect/testing"
import { defaultBrokerLimits } from "../broker_limits.ts"
import { worldOf } from "../gateway/testing/mesh_world.ts"
import { say, sendFrame } from "../gateway/testing/test_device.ts"
import { LogStore } from "../store/log_store.ts"

/*
 * Goal: a broker that was frozen while a device attached at another one, over the same store, changes
 * nothing for it. Method: the other broker is an attach in the store, of which this one hears nothing.
 */

const mesh = makeMesh("fencing", ["ada", "bob"])
const world = worldOf(mesh, { at: MADE_AT, random: layerSeededRandom("fencing") })
const letter = sealBetween(mesh, { from: "ada", to: ["bob"], text: "hi" })

function mailboxOf(name: string) {
  return { mesh: mesh.membership.mesh, device: memberOf(mesh, name).device }
}

function attachElsewhere(name: string) {
  return LogStore.use((store) => store.attach(mailboxOf(name)))
}

describe("a device that is attached elsewhere", () => {
  it.effect("has nothing admitted here, and is told that a newer connection took over", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      yield* attachElsewhere("ada")
      yield* say(ada, sendFrame(letter))

      assert.strictEqual((yield* ada.inbox.next("refused")).code, "fenced")
      assert.strictEqual((yield* ada.inbox.next("detached")).code, "replaced")
      assert.strictEqual((yield* Deferred.await(ada.inbox.closing)).code, closeCodes.replaced)
      const entries = yield* LogStore.use((store) => store.read(mailboxOf("bob"), 0, 10))
      assert.lengthOf(entries, 0)
    }).pipe(Effect.provide(world.layer)))

  it.effect("has nothing acknowledged here", () =>
    Effect.gen(function*() {
      const receiver = yield* world.attach("bob")
      yield* say(yield* world.attach("ada"), sendFrame(letter))
      const { log, seq: upto } = yield* receiver.inbox.next("push")
      yield* attachElsewhere("bob")
      yield* say(receiver, { type: "ack", log, epoch: receiver.attached.epoch, upto })
      yield* TestClock.adjust(defaultBrokerLimits.cursorMillis)

      assert.strictEqual((yield* receiver.inbox.next("detached")).code, "replaced")
      assert.strictEqual((yield* attachElsewhere("bob"))?.acked, 0)
    }).pipe(Effect.provide(world.layer)))
})
