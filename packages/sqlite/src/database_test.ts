import { assert, describe, it } from "@effect/vitest"
import { Cause, Deferred, Effect, Exit, Fiber } from "effect"
import { SqlClient } from "effect/sql"
import { layer } from "./client.ts"
import { Database } from "./database.ts"

const memory = layer({ filename: ":memory:" })

const addThree = Database.use((database) =>
  database.use((prepare) => {
    const insert = prepare("INSERT INTO logs VALUES (?)")
    for (const id of ["a", "b", "c"]) insert.run(id)
    return 3
  })
)

describe("Database.use", () => {
  it.effect("joins the transaction of its fiber", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* sql`CREATE TABLE logs (id TEXT)`

      yield* Effect.ignore(sql.withTransaction(Effect.andThen(addThree, Effect.fail("undone"))))
      assert.lengthOf(yield* sql`SELECT * FROM logs`, 0)

      assert.strictEqual(yield* sql.withTransaction(addThree), 3)
      assert.lengthOf(yield* sql`SELECT * FROM logs`, 3)
    }).pipe(Effect.provide(memory)))

  it.effect("waits for the transaction of another fiber", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* sql`CREATE TABLE logs (id TEXT)`
      const inside = yield* Deferred.make<void>()
      const leave = yield* Deferred.make<void>()

      const open = yield* Deferred.succeed(inside, undefined).pipe(
        Effect.andThen(Deferred.await(leave)),
        Effect.andThen(Effect.fail("undone")),
        sql.withTransaction,
        Effect.forkChild
      )
      yield* Deferred.await(inside)
      const added = yield* Effect.forkChild(addThree, { startImmediately: true })
      yield* Deferred.succeed(leave, undefined)
      yield* Fiber.await(open)
      yield* Fiber.join(added)

      assert.lengthOf(yield* sql`SELECT * FROM logs`, 3)
    }).pipe(Effect.provide(memory)))

  it.effect("fails with what SQLite throws and dies of the rest", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const database = yield* Database
      yield* sql`CREATE TABLE logs (id TEXT UNIQUE)`
      yield* addThree

      const error = yield* Effect.flip(addThree)
      const exit = yield* Effect.exit(database.use(() => assert.fail("a mistake in the body")))

      assert.strictEqual(error.reason._tag, "UniqueViolation")
      assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
    }).pipe(Effect.provide(memory)))
})
