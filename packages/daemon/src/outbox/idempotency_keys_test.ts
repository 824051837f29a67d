import { MeshId } from "@claudemesh/protocol"
import { messageIdOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { layerMigratedDatabase } from "../testing/migrated_database.ts"
import { makeIdempotencyKeys } from "./idempotency_keys.ts"

const mesh = MeshId.make(`m_${"a".repeat(26)}`)
const other = MeshId.make(`m_${"b".repeat(26)}`)
const [one, two] = [messageIdOf(1), messageIdOf(2)]
const key = "deploy 42, step 3"

describe("makeIdempotencyKeys", () => {
  it.effect("keeps what a key stands for, as it first was", () =>
    Effect.gen(function*() {
      const { byKey, idOf, keep } = yield* makeIdempotencyKeys
      assert.isUndefined(yield* idOf({ mesh, key }))

      yield* keep({ mesh, key }, one)
      yield* keep({ mesh, key }, two)

      assert.strictEqual(yield* idOf({ mesh, key }), one)
      assert.deepStrictEqual(yield* byKey(key), Option.some({ mesh, id: one }))
      assert.isTrue(Option.isNone(yield* byKey("another")))
    }).pipe(Effect.provide(layerMigratedDatabase())))

  it.effect("refuses a key that stands for a message of another mesh, or of another id", () =>
    Effect.gen(function*() {
      const { idOf, keep } = yield* makeIdempotencyKeys
      yield* keep({ mesh, key }, one)

      for (const keyed of [{ mesh: other, key }, { mesh, key, id: two }]) {
        assert.strictEqual((yield* Effect.flip(idOf(keyed))).code, "id_reused")
      }
      assert.strictEqual(yield* idOf({ mesh, key, id: one }), one)
    }).pipe(Effect.provide(layerMigratedDatabase())))

  it.effect("keeps nothing where there is no key", () =>
    Effect.gen(function*() {
      const { idOf, keep } = yield* makeIdempotencyKeys

      yield* keep({ mesh }, one)

      assert.isUndefined(yield* idOf({ mesh }))
    }).pipe(Effect.provide(layerMigratedDatabase())))
})
