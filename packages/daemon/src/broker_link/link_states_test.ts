import { MeshId } from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import { Effect, PubSub } from "effect"
import { TestClock } from "effect/testing"
import { LinkStates } from "./link_states.ts"

const mesh = MeshId.make(`m_${"a".repeat(26)}`)

describe("LinkStates", () => {
  it.effect("is connecting until something is known", () =>
    Effect.gen(function*() {
      const { get } = yield* LinkStates

      assert.strictEqual((yield* get(mesh)).state, "connecting")
    }).pipe(Effect.provide(LinkStates.layer)))

  it.effect("keeps the time of the change, and tells of each change once", () =>
    Effect.gen(function*() {
      const { changed, get, set } = yield* LinkStates
      const changes = yield* PubSub.subscribe(changed)
      yield* TestClock.adjust("1 second")
      yield* set(mesh, { state: "offline", code: "broker_unreachable", message: "first" })
      yield* TestClock.adjust("1 second")

      yield* set(mesh, { state: "offline", code: "broker_unreachable", message: "second" })

      const link = yield* get(mesh)
      assert.deepStrictEqual([link.since, link.message], [1_000, "second"])
      assert.strictEqual(yield* PubSub.remaining(changes), 1)

      yield* set(mesh, { state: "attached" })
      assert.deepStrictEqual(yield* get(mesh), { state: "attached", since: 2_000 })
      assert.strictEqual(yield* PubSub.remaining(changes), 2)
    }).pipe(Effect.provide(LinkStates.layer)))
})
