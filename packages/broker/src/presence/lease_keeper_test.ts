import { limits } from "@claudemesh/protocol"
import { layerSeededRandom, MADE_AT, makeMesh, memberOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { worldOf } from "../gateway/testing/mesh_world.ts"
import { say } from "../gateway/testing/test_device.ts"
import { presencePages } from "./lease_keeper.ts"

const mesh = makeMesh("presence", ["ada", "bob"])
const world = worldOf(mesh, { at: MADE_AT, random: layerSeededRandom("presence") })
const bob = memberOf(mesh, "bob").device

const watching = Effect.gen(function*() {
  const ada = yield* world.attach("ada")
  yield* ada.inbox.next("presence")
  yield* TestClock.adjust("1 second")
  yield* ada.inbox.next("presence") // that ada has come
  return ada
})

describe("LeaseKeeper", () => {
  it.effect("tells who has come, is away and has gone", () =>
    Effect.gen(function*() {
      const ada = yield* watching
      const { inbox } = ada
      const receiver = yield* world.attach("bob")
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* inbox.next("presence")).items[0]?.state, "attached")
      receiver.close()
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual((yield* inbox.next("presence")).items, [
        { device: bob, state: "away", since: MADE_AT + 2_000 }
      ])
      for (let waited = 0; waited < limits.leaseMillis; waited += 30_000) {
        yield* TestClock.adjust("30 seconds")
        yield* say(ada, { type: "ping", t: waited })
      }
      assert.strictEqual((yield* inbox.next("presence")).items[0]?.state, "gone")
    }).pipe(Effect.provide(world.layer)))

  it.effect("says nothing of a device that is back before anybody was told", () =>
    Effect.gen(function*() {
      const { inbox } = yield* watching
      const receiver = yield* world.attach("bob")
      yield* TestClock.adjust("1 second")
      yield* inbox.next("presence")
      receiver.close()
      yield* world.attach("bob")
      yield* TestClock.adjust("60 seconds")
      assert.strictEqual(inbox.count("presence"), 3)
    }).pipe(Effect.provide(world.layer)))

  it.effect("keeps the time since which a device is attached, if it comes back within its lease", () =>
    Effect.gen(function*() {
      const { inbox } = yield* watching
      const receiver = yield* world.attach("bob")
      yield* TestClock.adjust("1 second")
      const came = yield* inbox.next("presence")
      receiver.close()
      yield* TestClock.adjust("30 seconds")
      assert.strictEqual((yield* inbox.next("presence")).items[0]?.state, "away")
      yield* world.attach("bob")
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual((yield* inbox.next("presence")).items, came.items)
    }).pipe(Effect.provide(world.layer)))
})

describe("presencePages", () => {
  it("cuts a long roster into frames", () => {
    const item = { device: bob, state: "gone", since: 0 } as const
    const pages = presencePages(Array.from({ length: 600 }, () => item))
    assert.deepStrictEqual(pages.map(({ length }) => length), [256, 256, 88])
    assert.lengthOf(presencePages([]), 0)
  })
})
