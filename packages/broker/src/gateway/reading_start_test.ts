import {
  layerSeededRandom,
  MADE_AT,
  makeMesh,
  memberOf,
  messageIdOf,
  sealBetween
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { worldOf } from "./testing/mesh_world.ts"
import { INCARNATION, say, sendFrame } from "./testing/test_device.ts"

const mesh = makeMesh("reading start", ["ada", "bob"])
const world = worldOf(mesh, { at: MADE_AT, random: layerSeededRandom("reading start") })

/** Three messages to bob, and the name of the store that they are in. */
const sent = Effect.gen(function*() {
  const ada = yield* world.attach("ada")
  for (const number of [1, 2, 3]) {
    const to = [{ device: memberOf(mesh, "bob").device, sseq: number }]
    const envelope = sealBetween(mesh, { from: "ada", to: ["bob"], text: `${number}` }, {
      draft: { id: messageIdOf(number), to }
    })
    yield* say(ada, sendFrame(envelope, number))
    yield* ada.inbox.next("admitted")
  }
  return ada.attached.store_epoch
})

/** The number of the first entry that bob is sent. */
const firstFor = Effect.fnUntraced(function*(have: Parameters<typeof world.attach>[1]) {
  const bob = yield* world.attach("bob", have)
  return (yield* bob.inbox.next("push")).seq
})

describe("makeReadingStart", () => {
  it.effect("reads on after what the device has, if that is still what it was", () =>
    Effect.gen(function*() {
      const store_epoch = yield* sent

      assert.strictEqual(yield* firstFor({ store_epoch, upto: 2 }), 3)
      const last = { seq: 1, id: messageIdOf(1) }
      assert.strictEqual(yield* firstFor({ store_epoch, upto: 2, last }), 3)
    }).pipe(Effect.provide(world.layer)))

  it.effect.each([
    { what: "another message is under its number", last: { seq: 2, id: messageIdOf(9) } },
    { what: "nothing is there any more", last: { seq: 9, id: messageIdOf(2) } }
  ])("reads everything where $what", ({ last }) =>
    Effect.gen(function*() {
      const store_epoch = yield* sent

      assert.strictEqual(yield* firstFor({ store_epoch, upto: 2, last }), 1)
    }).pipe(Effect.provide(world.layer)))

  it.effect("reads everything in another store, and where the device has more than there is", () =>
    Effect.gen(function*() {
      const store_epoch = yield* sent

      assert.strictEqual(yield* firstFor({ store_epoch: INCARNATION, upto: 2 }), 1)
      assert.strictEqual(yield* firstFor({ store_epoch, upto: 9 }), 1)
    }).pipe(Effect.provide(world.layer)))
})
