import { limits } from "@claudemesh/protocol"
import { layerSeededRandom, MADE_AT, makeMesh, memberOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { worldOf } from "../gateway/testing/mesh_world.ts"
import { say } from "../gateway/testing/test_device.ts"
import { presencePages } from "./lease_keeper.ts"

const mesh = makeMesh("presence", ["ada", "bob"])
const world = worldOf(mesh, { at: MADE_AT, random: layerSeededRandom("presence") })
const bob = memberOf(mesh, "bob").device

type Attached = Effect.Success<ReturnType<typeof world.attach>>

const watching = Effect.gen(function*() {
  const ada = yield* world.attach("ada")
  yield* ada.inbox.next("presence")
  yield* TestClock.adjust("1 second")
  yield* ada.inbox.next("presence") // that ada has come
  return ada
})

/** The presence that came last. */
const lastNews = Effect.fnUntraced(function*({ inbox }: Attached) {
  const news = inbox.frames.flatMap((frame) => frame.type === "presence" ? [frame] : [])
  return yield* Effect.fromNullishOr(news.at(-1))
})

/** Lets time pass while ada's connection shows signs of life; answers with the news of bob, and when they came. */
const pass = Effect.fnUntraced(function*(ada: Attached, millis: number) {
  const news: Array<readonly [state: string, afterMillis: number]> = []
  let seen = ada.inbox.frames.length
  for (let passed = 500; passed <= millis; passed += 500) {
    yield* TestClock.adjust("500 millis")
    if (passed % limits.pingMillis === 0) yield* say(ada, { type: "ping", t: passed })
    const items = ada.inbox.frames.slice(seen).flatMap((frame) =>
      frame.type === "presence" ? frame.items : []
    )
    for (const { device, state } of items) if (device === bob) news.push([state, passed])
    seen = ada.inbox.frames.length
  }
  return news
})

/** A clock whose monotonic hand can be put forward: to the broker it was frozen meanwhile. */
function freezable() {
  let frozen = 0n
  const layer = Layer.effect(
    Clock.Clock,
    Effect.map(Clock.Clock, (clock) =>
      Object.assign({}, clock, {
        monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe() + frozen
      }))
  )
  return { layer, freeze: (millis: number) => void (frozen += BigInt(millis) * 1_000_000n) }
}

describe("LeaseKeeper", () => {
  it.effect("tells who has come, is away and has gone", () =>
    Effect.gen(function*() {
      const ada = yield* watching
      const receiver = yield* world.attach("bob")
      assert.deepStrictEqual(yield* pass(ada, 1_000), [["attached", 500]])
      receiver.close()
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual((yield* lastNews(ada)).items, [
        { device: bob, state: "away", since: MADE_AT + 2_000 }
      ])
      const [[state, after] = ["", 0]] = yield* pass(ada, limits.leaseMillis)
      assert.strictEqual(state, "gone")
      assert.isAtLeast(after + 10_000, limits.leaseMillis)
    }).pipe(Effect.provide(world.layer)))

  it.effect("says nothing of a device that is soon back", () =>
    Effect.gen(function*() {
      const ada = yield* watching
      const receiver = yield* world.attach("bob")
      yield* pass(ada, 1_000)
      receiver.close()
      assert.lengthOf(yield* pass(ada, 4_000), 0)
      yield* world.attach("bob")
      assert.lengthOf(yield* pass(ada, 60_000), 0)
    }).pipe(Effect.provide(world.layer)))

  it.effect("keeps the time since which a device is attached, if it comes back within its lease", () =>
    Effect.gen(function*() {
      const ada = yield* watching
      const receiver = yield* world.attach("bob")
      yield* TestClock.adjust("1 second")
      const came = yield* lastNews(ada)
      receiver.close()
      assert.deepStrictEqual((yield* pass(ada, 30_000)).map(([state]) => state), ["away"])
      yield* world.attach("bob")
      assert.deepStrictEqual((yield* pass(ada, 10_000)).map(([state]) => state), ["attached"])
      assert.deepStrictEqual((yield* lastNews(ada)).items, came.items)
    }).pipe(Effect.provide(world.layer)))

  it.effect("tells of a dead peer by 75 s that it is away, and by 165 s that it has gone", () =>
    Effect.gen(function*() {
      const ada = yield* watching
      const receiver = yield* world.attach("bob")
      yield* pass(ada, 30_000)
      yield* say(receiver, { type: "ping", t: 1 })
      const news = yield* pass(ada, 180_000)
      assert.deepStrictEqual(news.map(([state]) => state), ["away", "gone"])
      assert.isAtMost(news[0]?.[1] ?? Infinity, 75_000)
      assert.isAtMost(news[1]?.[1] ?? Infinity, 165_000)
      assert.isTrue(receiver.state.isTerminated)
    }).pipe(Effect.provide(world.layer)))

  it.effect(
    "shows nothing of a link that breaks a hundred times a minute for ten minutes",
    () =>
      Effect.gen(function*() {
        const ada = yield* watching
        let receiver = yield* world.attach("bob")
        yield* pass(ada, 1_000)
        const news: Array<unknown> = []
        for (let drop = 0; drop < 1_000; drop++) {
          receiver.close()
          news.push(...yield* pass(ada, 500))
          receiver = yield* world.attach("bob")
          yield* TestClock.adjust("100 millis")
          if (drop % 40 === 0) yield* say(ada, { type: "ping", t: drop })
        }
        assert.lengthOf(news, 0)
      }).pipe(Effect.provide(world.layer)),
    30_000
  )

  it.effect("ends no connection and no lease because the broker itself was frozen", () => {
    const { freeze, layer } = freezable()
    return Effect.gen(function*() {
      const ada = yield* watching
      const receiver = yield* world.attach("bob")
      yield* pass(ada, 50_000)
      freeze(120_000)
      yield* TestClock.adjust("2 seconds")
      assert.isFalse(ada.state.isTerminated || receiver.state.isTerminated)

      yield* say(receiver, { type: "ping", t: 1 })
      receiver.close()
      assert.deepStrictEqual((yield* pass(ada, 10_000)).map(([state]) => state), ["away"])
      freeze(120_000)
      assert.lengthOf(yield* pass(ada, 75_000), 0)
      assert.deepStrictEqual((yield* pass(ada, 10_000)).map(([state]) => state), ["gone"])
    }).pipe(Effect.provide(Layer.provide(world.layer, layer)))
  })
})

describe("presencePages", () => {
  it("cuts a long roster into frames", () => {
    const item = { device: bob, state: "gone", since: 0 } as const
    const pages = presencePages(Array.from({ length: 600 }, () => item))
    assert.deepStrictEqual(pages.map(({ length }) => length), [256, 256, 88])
    assert.lengthOf(presencePages([]), 0)
  })
})
