import { DeviceId, MeshId } from "@claudemesh/protocol"
import { seededDraw } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { layerMigratedDatabase } from "../testing/migrated_database.ts"
import { makeStreams } from "./streams.ts"

const mesh = MeshId.make(`m_${"a".repeat(26)}`)
const sender = DeviceId.make(`d_${"a".repeat(26)}`)
const other = DeviceId.make(`d_${"b".repeat(26)}`)

/** Which of the numbers were new, in the order they came. */
const taken = Effect.fnUntraced(function*(numbers: ReadonlyArray<number>) {
  const { take } = yield* makeStreams
  return yield* Effect.filter(numbers, (number) => take(mesh, sender, number))
})

describe("makeStreams", () => {
  it.effect("takes each number once", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* taken([1, 2, 2, 1, 3]), [1, 2, 3])
    }).pipe(Effect.provide(layerMigratedDatabase())))

  it.effect("takes a number late that was left out, and never twice", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* taken([5, 3, 3, 1, 5, 2, 4, 4, 6]), [5, 3, 1, 2, 4, 6])
    }).pipe(Effect.provide(layerMigratedDatabase())))

  it.effect("keeps what is missing as ranges, and nothing once all has come", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const gaps = sql`SELECT first, last FROM incoming_gaps ORDER BY first`.values

      yield* taken([1_000_000])
      assert.deepStrictEqual(yield* gaps, [[1, 999_999]])
      yield* taken([500])
      assert.deepStrictEqual(yield* gaps, [[1, 499], [501, 999_999]])
      yield* taken([1, 999_999])
      assert.deepStrictEqual(yield* gaps, [[2, 499], [501, 999_998]])
    }).pipe(Effect.provide(layerMigratedDatabase())))

  it.effect("keeps streams of other senders apart", () =>
    Effect.gen(function*() {
      const { take } = yield* makeStreams
      yield* take(mesh, sender, 2)

      assert.isTrue(yield* take(mesh, other, 2))
    }).pipe(Effect.provide(layerMigratedDatabase())))

  it.effect("takes each of many numbers once, in whatever order they come", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const draw = seededDraw("streams")
      const numbers = Array.from({ length: 300 }, () => 1 + draw(60))

      const came = yield* taken(numbers)

      assert.deepStrictEqual(came, [...new Set(numbers)])
      const missing = yield* sql<{ readonly count: number }>`
        SELECT coalesce(sum(last - first + 1), 0) AS count FROM incoming_gaps`
      assert.strictEqual(missing[0]?.count, Math.max(...numbers) - came.length)
    }).pipe(Effect.provide(layerMigratedDatabase())))
})
