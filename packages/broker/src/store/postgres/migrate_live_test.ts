import { PgClient } from "@effect/sql-pg"
import type { Migrations } from "@claudemesh/sqlite"
import { withoutPostgres } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { SqlClient, SqlError } from "effect/sql"
import { BrokerLimits, defaultBrokerLimits } from "../../broker_limits.ts"
import { migrate } from "./migrate.ts"
import { createStore } from "./migrations/0001_create_store.ts"
import { migrations } from "./migrations/mod.ts"
import { refusalOf } from "./server_check.ts"
import { stateOf } from "./sql_fault.ts"
import { addressOf, livePostgres, UNSYNCED } from "./testing/live_postgres.ts"

function clientAt(url: string) {
  return Layer.fresh(PgClient.layer({ ...addressOf(url).connection, prepare: false }))
}

function migrateAt(url: string, list: Migrations.MigrationList = migrations) {
  return Effect.provide(migrate(list), clientAt(url))
}

/** What the server says of a migration that fails. */
const failureAt = Effect.fnUntraced(function*(url: string) {
  const failed = yield* Effect.flip(migrateAt(url))
  return SqlError.isSqlError(failed) ? failed : yield* Effect.die(failed)
})

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
      // Of whatever length the list is that the older version knows.
      for (const known of [{ "1_create_store": createStore }, migrations, added]) {
        const refusal = yield* Effect.flip(migrateAt(url, known))
        assert.isTrue(refusal._tag === "Refused" && refusal.code === "database_unusable")
        assert.include(refusal.message, "newer version")
      }
    }))

  it.live("keeps what was admitted before attempts had room for every number", () =>
    Effect.gen(function*() {
      const { execute, makeDatabase } = yield* server
      const url = yield* makeDatabase
      yield* migrateAt(url, { "1_create_store": createStore })
      const id = "019b7600-0000-7000-8000-000000000001"
      yield* execute(url, `INSERT INTO dedupes VALUES (1, '${id}', 2147483647, 'c', 5)`)
      yield* migrateAt(url)
      yield* execute(
        url,
        `INSERT INTO dedupes VALUES (1, '${id}', ${Number.MAX_SAFE_INTEGER}, 'c', 5)`
      )

      const attempts = "SELECT string_agg(attempt::text, ' ' ORDER BY attempt) FROM dedupes"
      assert.strictEqual(yield* execute(url, attempts), "2147483647 9007199254740991")
    }))

  it.live("waits for another broker no longer than a database may take to answer", () =>
    Effect.gen(function*() {
      const { makeDatabase } = yield* server
      const url = yield* makeDatabase
      const impatient = { ...defaultBrokerLimits, databaseAnswerMillisMax: 50 }
      const waiting = Effect.provideService(failureAt(url), BrokerLimits, impatient)
      const failed = yield* run("SELECT pg_advisory_xact_lock(hashtext('claudemesh migrations'))")
        .pipe(
          Effect.andThen(waiting),
          (held) => SqlClient.SqlClient.use((sql) => sql.withTransaction(held)),
          Effect.provide(clientAt(url))
        )

      assert.strictEqual(stateOf(failed), "55P03")
      assert.strictEqual(refusalOf(failed, url).code, "database_unreachable")
      yield* migrateAt(url)
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
      yield* execute(url, "REVOKE CREATE ON SCHEMA public FROM public")
      const refusal = yield* Effect.flip(migrateAt(url.replace("claudemesh@", "guest@")))

      assert.isTrue(refusal._tag === "Refused" && refusal.code === "database_denied")
      assert.include(refusal.message, "its role may not make tables in the schema \"public\"")
    }))
})
