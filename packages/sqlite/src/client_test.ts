import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber } from "effect"
import { SqlClient, SqlError } from "effect/sql"
import { closeSync, openSync, statSync, writeSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { layer } from "./client.ts"
import { storageFault } from "./sqlite_error.ts"
import { healthy, PAGE_BYTES } from "./testing/sample_database.ts"
import { temporaryDirectory } from "./testing/temporary_directory.ts"

const memory = layer({ filename: ":memory:" })

const readAll = SqlClient.SqlClient.use((sql) => Effect.asVoid(sql`SELECT * FROM logs`))

describe("SqliteClient.layer", () => {
  it.effect("speaks camelCase to TypeScript and snake_case to SQL", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* sql`CREATE TABLE entries (log_id TEXT, sealed_body BLOB, cursor INTEGER)`

      yield* sql`INSERT INTO entries ${
        sql.insert({ logId: "bob", sealedBody: new Uint8Array([1, 255]), cursor: 2 ** 53 - 1 })
      }`

      const [row] = yield* sql`SELECT * FROM entries WHERE ${sql("logId")} = ${"bob"}`
      assert.deepStrictEqual<unknown>(row, {
        logId: "bob",
        sealedBody: new Uint8Array([1, 255]),
        cursor: 2 ** 53 - 1
      })
      const [bare] = yield* sql.withoutTransforms()`SELECT log_id FROM entries`
      assert.strictEqual(bare?.["log_id"], "bob")
    }).pipe(Effect.provide(memory)))

  it.effect("rolls a failed transaction back, and a failed savepoint alone", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* sql`CREATE TABLE logs (id TEXT)`

      yield* Effect.ignore(addAndFail("a"))
      yield* sql.withTransaction(
        add("b").pipe(Effect.andThen(Effect.ignore(addAndFail("c"))), Effect.andThen(add("d")))
      )

      assert.deepStrictEqual(yield* sql`SELECT id FROM logs`.values, [["b"], ["d"]])
    }).pipe(Effect.provide(memory)))

  it.effect("rolls back what is interrupted", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* sql`CREATE TABLE logs (id TEXT)`
      const inside = yield* Deferred.make<void>()

      const fiber = yield* sql`INSERT INTO logs VALUES ('a')`.pipe(
        Effect.andThen(Deferred.succeed(inside, undefined)),
        Effect.andThen(Effect.never),
        sql.withTransaction,
        Effect.forkChild
      )
      yield* Deferred.await(inside)
      yield* Fiber.interrupt(fiber)

      assert.lengthOf(yield* sql`SELECT id FROM logs`, 0)
    }).pipe(Effect.provide(memory)))

  it.effect("keeps the statements of other fibers out of an open transaction", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* sql`CREATE TABLE logs (id TEXT)`
      const inside = yield* Deferred.make<void>()
      const leave = yield* Deferred.make<void>()

      const open = yield* sql`INSERT INTO logs VALUES ('undone')`.pipe(
        Effect.andThen(Deferred.succeed(inside, undefined)),
        Effect.andThen(Deferred.await(leave)),
        Effect.andThen(Effect.fail("undone")),
        sql.withTransaction,
        Effect.forkChild
      )
      yield* Deferred.await(inside)
      const other = yield* Effect.forkChild(sql`INSERT INTO logs VALUES ('kept')`, {
        startImmediately: true
      })
      yield* Deferred.succeed(leave, undefined)
      yield* Fiber.await(open)
      yield* Fiber.join(other)

      assert.deepStrictEqual(yield* sql`SELECT id FROM logs`.values, [["kept"]])
    }).pipe(Effect.provide(memory)))

  it.effect("is usable after a commit that fails", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* sql`CREATE TABLE members (id TEXT PRIMARY KEY)`
      yield* sql`CREATE TABLE devices (member TEXT REFERENCES members DEFERRABLE INITIALLY DEFERRED)`

      const error = yield* Effect.flip(
        sql.withTransaction(sql`INSERT INTO devices VALUES ('nobody')`)
      )

      assert.strictEqual(error.reason._tag, "ConstraintError")
      assert.lengthOf(yield* sql.withTransaction(sql`SELECT * FROM devices`), 0)
    }).pipe(Effect.provide(memory)))

  it.effect("fails rather than lose digits of an integer", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient

      const error = yield* Effect.flip(sql`SELECT ${2n ** 53n} AS n`)

      assert.include(error.message, "too large")
    }).pipe(Effect.provide(memory)))

  it.effect("reports a lock that another process keeps", () =>
    Effect.gen(function*() {
      const filename = `${yield* temporaryDirectory}/a.db`
      const blocked = Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        yield* sql`CREATE TABLE logs (id TEXT)`
        using other = new DatabaseSync(filename)
        other.exec("BEGIN IMMEDIATE")
        return yield* Effect.flip(sql.withTransaction(sql`INSERT INTO logs VALUES ('a')`))
      })

      const error = yield* Effect.provide(blocked, layer({ filename, busyTimeoutMillis: 1 }))

      assert.strictEqual(error.reason._tag, "LockTimeoutError")
      assert.isTrue(error.isRetryable)
    }))

  it.effect("reports a full disk, and what was committed stays", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* sql`CREATE TABLE logs (body BLOB)`
      yield* sql`INSERT INTO logs VALUES ('first')`
      yield* sql`PRAGMA max_page_count = 10`

      const error = yield* Effect.flip(sql`INSERT INTO logs VALUES (zeroblob(1000000))`)

      assert.isTrue(SqlError.isSqlError(error))
      assert.strictEqual(storageFault(error), "full")
      assert.lengthOf(yield* sql`SELECT * FROM logs`, 1)
    }).pipe(Effect.provide(memory)))

  it.effect("is of no use once the file has proved damaged, says so once, and writes no more", () =>
    Effect.gen(function*() {
      const { filename } = yield* healthy
      const told: Array<string> = []
      const client = layer({ filename, onFault: ({ fault }) => told.push(fault) })

      yield* Effect.gen(function*() {
        const sql = yield* SqlClient.SqlClient
        yield* sql`INSERT INTO logs VALUES ('only in the log')`
        damage(filename)

        const damaged = yield* Effect.flip(sql`SELECT * FROM logs`)
        assert.strictEqual(storageFault(damaged), "corrupt")
        assert.strictEqual(storageFault(yield* Effect.flip(sql`SELECT 1`)), "corrupt")
        assert.isTrue(Exit.isFailure(yield* Effect.exit(sql.withTransaction(add("a")))))
      }).pipe(Effect.provide(client))

      assert.deepStrictEqual(told, ["corrupt"])
      assert.isAbove(statSync(`${filename}-wal`).size, 0)
    }))

  it.effect.each([
    { where: "a transaction", body: readAll },
    { where: "one within another", body: inTransaction(readAll) },
    { where: "one that goes on after it", body: Effect.ignore(inTransaction(readAll)) }
  ])(
    "fails with the fault that was found in the middle of $where",
    ({ body }) =>
      Effect.gen(function*() {
        const { filename } = yield* healthy
        const told: Array<string> = []
        const client = layer({ filename, onFault: ({ fault }) => told.push(fault) })

        yield* Effect.gen(function*() {
          yield* add("kept")
          damage(filename)
          const damaged = yield* Effect.flip(inTransaction(Effect.andThen(add("undone"), body)))
          assert.strictEqual(storageFault(damaged), "corrupt")
          assert.strictEqual(storageFault(yield* Effect.flip(inTransaction(add("b")))), "corrupt")
        }).pipe(Effect.provide(client))

        assert.deepStrictEqual(told, ["corrupt"])
      })
  )
})

function inTransaction<A>(body: Effect.Effect<A, SqlError.SqlError, SqlClient.SqlClient>) {
  return SqlClient.SqlClient.use((sql) => sql.withTransaction(body))
}

/** Writes over a page that nobody has read yet. */
function damage(filename: string): void {
  const file = openSync(filename, "r+")
  writeSync(file, new Uint8Array(PAGE_BYTES).fill(7), 0, PAGE_BYTES, 3 * PAGE_BYTES)
  closeSync(file)
}

function add(id: string) {
  return SqlClient.SqlClient.use((sql) => sql`INSERT INTO logs VALUES (${id})`)
}

function addAndFail(id: string) {
  return SqlClient.SqlClient.use((sql) =>
    sql.withTransaction(Effect.andThen(add(id), Effect.fail("undone")))
  )
}
