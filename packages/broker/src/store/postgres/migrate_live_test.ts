import { PgClient } from "@effect/sql-pg"
import { withoutPostgres } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Result } from "effect"
import { SqlClient } from "effect/sql"
import { migrate, type MigrationList } from "./migrate.ts"
import { migrations } from "./migrations/mod.ts"
import { addressOf, livePostgres, UNSYNCED } from "./testing/live_postgres.ts"

function migrateAt(url: string, list: MigrationList = migrations) {
  const client = PgClient.layer({ ...addressOf(url).connection, prepare: false })
  return Effect.provide(migrate(list), Layer.fresh(client))
}

function run(statement: string) {
  return SqlClient.SqlClient.use((sql) => Effect.asVoid(sql.unsafe(statement)))
}

const RUN =
  "SELECT string_agg(migration_id || '_' || name, ' ' ORDER BY migration_id) FROM claudemesh_migrations"

describe.skipIf(withoutPostgres())("migrate", () => {
  const { server } = livePostgres(UNSYNCED)

  it.live("runs each migration once, however many brokers start at once", () =>
    Effect.gen(function*() {
      const { execute, makeDatabase } = yield* server
      const url = yield* makeDatabase
      yield* Effect.all(Array.from({ length: 4 }, () => migrateAt(url)), { concurrency: 4 })
      yield* migrateAt(url)

      assert.strictEqual(yield* execute(url, RUN), Object.keys(migrations).join(" "))
    }))

  it.live("leaves nothing of a migration that fails, and goes on when it does not", () =>
    Effect.gen(function*() {
      const { execute, makeDatabase } = yield* server
      const url = yield* makeDatabase
      const bad = Effect.andThen(run("CREATE TABLE half (n integer)"), run("SELECT * FROM nothing"))
      const failed = yield* Effect.flip(migrateAt(url, { ...migrations, "9_bad": bad }))
      assert.strictEqual(failed._tag, "SqlError")
      assert.strictEqual(yield* execute(url, "SELECT to_regclass('store') IS NULL"), "t")

      const good = run("CREATE TABLE half (n integer)")
      yield* migrateAt(url, { ...migrations, "9_good": good })
      assert.strictEqual(yield* execute(url, "SELECT to_regclass('half') IS NOT NULL"), "t")
    }))

  it.live("lives with what a newer version has added, and refuses what it has changed", () =>
    Effect.gen(function*() {
      const { makeDatabase } = yield* server
      const url = yield* makeDatabase
      const added = { ...migrations, "98_add": run("ALTER TABLE devices ADD COLUMN more text") }
      yield* migrateAt(url, added)
      yield* migrateAt(url)
      yield* migrateAt(url, {
        ...added,
        "99_change": run("UPDATE schema_floor SET migration = 99")
      })
      const refusal = yield* Effect.flip(migrateAt(url))

      assert.isTrue(refusal._tag === "Refused" && refusal.code === "database_unusable")
      assert.include(refusal.message, "newer version")
    }))

  it.live("touches no database of another program", () =>
    Effect.gen(function*() {
      const { execute, makeDatabase } = yield* server
      const url = yield* makeDatabase
      yield* execute(url, "CREATE TABLE orders (n integer)")
      const refusal = yield* Effect.flip(migrateAt(url))

      assert.include(refusal.message, "tables of another program")
      assert.strictEqual(yield* execute(url, "SELECT to_regclass('store') IS NULL"), "t")
    }))

  it.live("says that the role may not make tables", () =>
    Effect.gen(function*() {
      const { execute, makeDatabase } = yield* server
      const url = yield* makeDatabase
      yield* execute(url, "CREATE ROLE guest LOGIN")
      const outcome = yield* Effect.result(migrateAt(url.replace("claudemesh@", "guest@")))

      assert.isTrue(Result.isFailure(outcome))
    }))
})
