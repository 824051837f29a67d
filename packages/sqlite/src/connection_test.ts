import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { layer } from "./client.ts"

const memory = layer({ filename: ":memory:" })

describe("connection", () => {
  it.effect("answers a raw statement with rows or with what changed", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* sql`CREATE TABLE logs (id INTEGER PRIMARY KEY, name TEXT)`

      const changed = yield* sql`INSERT INTO logs (name) VALUES ('a'), ('b')`.raw
      const rows = yield* sql`SELECT name FROM logs`.raw

      assert.deepStrictEqual(changed, { changes: 2, lastInsertRowid: 2 })
      assert.deepEqual(rows, [{ name: "a" }, { name: "b" }])
    }).pipe(Effect.provide(memory)))

  it.effect("answers with arrays when asked, keeping columns of one name apart", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const statement = sql`SELECT 1 AS n, 2 AS n`

      assert.deepStrictEqual(yield* statement.values, [[1, 2]])
      assert.deepEqual<unknown>(yield* statement, [{ n: 2 }])
      assert.deepStrictEqual(yield* statement.valuesUnprepared, [[1, 2]])
      assert.deepEqual<unknown>(yield* statement.unprepared, [{ n: 2 }])
    }).pipe(Effect.provide(memory)))

  it.effect("refuses what SQLite has no type for", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient

      for (const value of [true, undefined, new Map(), { a: 1 }]) {
        const error = yield* Effect.flip(sql`SELECT ${1}, ${value}`)
        assert.strictEqual(
          error.message,
          "Cannot execute statement: parameter 2 is neither number, bigint, string, bytes nor null"
        )
      }
    }).pipe(Effect.provide(memory)))

  it.effect("refuses a text of two statements", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient

      const error = yield* Effect.flip(sql`CREATE TABLE a (b); CREATE TABLE c (d)`)

      assert.include(error.message, "CREATE TABLE c")
      assert.lengthOf(yield* sql`SELECT * FROM sqlite_schema`, 0)
    }).pipe(Effect.provide(memory)))

  it.effect("dies when asked to stream", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient

      const exit = yield* Effect.exit(Stream.runDrain(sql`SELECT 1`.stream))

      assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
    }).pipe(Effect.provide(memory)))
})
