import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { SqlClient } from "effect/sql"
import { HealthNotes } from "../health.ts"
import { layerMigratedDatabase } from "../testing/migrated_database.ts"
import { holdWhileFull } from "./hold_while_full.ts"

/** How many pages the database may have. */
const pages = Effect.fnUntraced(function*(count: number) {
  const sql = yield* SqlClient.SqlClient
  yield* sql.unsafe(`PRAGMA max_page_count = ${count}`)
})

const write = SqlClient.SqlClient.use((sql) =>
  Effect.orDie(sql`INSERT INTO settings VALUES ('a', ${"x".repeat(100_000)}) RETURNING key`)
)

const held = Effect.gen(function*() {
  const health = yield* HealthNotes
  const context = yield* Effect.context<SqlClient.SqlClient>()
  return yield* holdWhileFull(health, Effect.provideContext(write, context))
})

describe("holdWhileFull", () => {
  it.effect("waits for space, says so meanwhile, and goes on by itself", () =>
    Effect.gen(function*() {
      const { all } = yield* HealthNotes
      yield* pages(1)
      const writing = yield* Effect.forkChild(held)
      yield* TestClock.adjust("1 minute")
      assert.match((yield* all).join(), /^The disk is full: what arrives waits at the broker/)

      yield* pages(10_000)
      yield* TestClock.adjust("2 seconds")

      assert.lengthOf(yield* Fiber.join(writing), 1)
      assert.deepStrictEqual(yield* all, [])
    }).pipe(Effect.provide([layerMigratedDatabase(), HealthNotes.layer])))

  it.effect("ends at once with whatever else it dies of", () =>
    Effect.gen(function*() {
      const health = yield* HealthNotes
      const exit = yield* Effect.exit(holdWhileFull(health, Effect.die("a bug")))

      assert.deepStrictEqual(exit, Exit.die("a bug"))
      assert.deepStrictEqual(yield* health.all, [])
    }).pipe(Effect.provide(HealthNotes.layer)))
})
