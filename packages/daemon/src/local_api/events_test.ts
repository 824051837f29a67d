import { DeviceId, MeshId } from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Stream } from "effect"
import { LocalEvents } from "./events.ts"

describe("LocalEvents", () => {
  it.effect("opens with watching, and then misses nothing", () =>
    Effect.gen(function*() {
      const { publish, watch } = yield* LocalEvents
      const opened = yield* Deferred.make<void>()
      yield* publish(somethingHappened)

      const reader = yield* watch.pipe(
        Stream.tap(({ type }) =>
          type === "watching" ? Deferred.succeed(opened, undefined) : Effect.void
        ),
        Stream.take(3),
        Stream.runCollect,
        Effect.forkChild
      )
      yield* Deferred.await(opened)
      yield* publish(somethingHappened)
      yield* publish(somethingHappened)

      const types = (yield* Fiber.join(reader)).map(({ type }) => type)
      assert.deepStrictEqual(types, ["watching", "presence", "presence"])
    }).pipe(Effect.provide(LocalEvents.layer)))

  it.effect("tells a slow reader that it lags, ends there, and keeps the others", () =>
    Effect.gen(function*() {
      const { publish, watch } = yield* LocalEvents
      const opened = yield* Deferred.make<void>()
      const mayGoOn = yield* Deferred.make<void>()
      const slow = yield* watch.pipe(
        Stream.tap(({ type }) =>
          type === "watching"
            ? Effect.andThen(Deferred.succeed(opened, undefined), Deferred.await(mayGoOn))
            : Effect.void
        ),
        Stream.runCollect,
        Effect.forkChild
      )
      yield* Deferred.await(opened)

      yield* Effect.forEach(Array.from({ length: 5_000 }), () => publish(somethingHappened), {
        discard: true
      })
      yield* Deferred.succeed(mayGoOn, undefined)

      const read = yield* Fiber.join(slow)
      assert.strictEqual(read.at(0)?.type, "watching")
      assert.strictEqual(read.at(-1)?.type, "lagging")
      assert.isBelow(read.length, 5_000)
      const [first] = yield* watch.pipe(Stream.take(1), Stream.runCollect)
      assert.strictEqual(first?.type, "watching")
    }).pipe(Effect.provide(LocalEvents.layer)))
})

const somethingHappened = {
  type: "presence",
  mesh: MeshId.make(`m_${"a".repeat(26)}`),
  device: DeviceId.make(`d_${"a".repeat(26)}`),
  state: "attached"
} as const
