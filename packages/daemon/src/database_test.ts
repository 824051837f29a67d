import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs"
import { layerDatabase } from "./database.ts"
import { HealthNotes } from "./health.ts"
import { Home } from "./home.ts"
import { Shutdown } from "./shutdown.ts"
import { layerTemporaryHome, temporaryDirectory } from "./testing/temporary_home.ts"

const environment = Layer.mergeAll(layerTemporaryHome, HealthNotes.layer, Shutdown.layer)

describe("layerDatabase", () => {
  it.effect("opens a migrated database", () =>
    Effect.gen(function*() {
      yield* withDatabase((sql) => sql`SELECT * FROM sessions`)

      assert.deepStrictEqual(yield* HealthNotes.use(({ all }) => all), [])
    }).pipe(Effect.provide(environment)))

  it.effect("keeps what was committed", () =>
    Effect.gen(function*() {
      yield* withDatabase((sql) => sql`INSERT INTO settings VALUES ('a', 'b')`)

      assert.lengthOf(yield* withDatabase((sql) => sql`SELECT * FROM settings`), 1)
    }).pipe(Effect.provide(environment)))

  it.effect("moves a damaged database aside, begins a new one, and says so", () =>
    Effect.gen(function*() {
      const { data, database } = yield* Home
      writeFileSync(database, "no database ".repeat(1_000))

      yield* withDatabase((sql) => sql`SELECT * FROM sessions`)

      const kept = readdirSync(data).find((name) => name.includes(".corrupt-"))
      const [note, ...others] = yield* HealthNotes.use(({ all }) => all)
      assert.include(note, `is kept as "${data}/${kept}"`)
      assert.lengthOf(others, 0)
    }).pipe(Effect.provide(environment)))

  it.effect("refuses a database of a newer claudemesh, and leaves it as it is", () =>
    Effect.gen(function*() {
      yield* withDatabase((sql) =>
        sql`INSERT INTO effect_sql_migrations (migration_id, name) VALUES (9999, 'later')`
      )

      const refusal = yield* Effect.flip(withDatabase((sql) => sql`SELECT 1`))

      assert.propertyVal(refusal, "code", "unsupported")
      assert.include(refusal.message, "upgrade claudemesh")
    }).pipe(Effect.provide(environment)))

  it.effect("refuses a folder that is copied elsewhere while it changes", () =>
    Effect.gen(function*() {
      const home = Home.layer(`${yield* temporaryDirectory}/Dropbox/mesh`)

      const refusal = yield* Effect.flip(Effect.provide(withDatabase((sql) => sql`SELECT 1`), home))

      assert.propertyVal(refusal, "code", "home_unusable")
      assert.include(refusal.message, "set CLAUDEMESH_HOME")
    }).pipe(Effect.provide([HealthNotes.layer, Shutdown.layer])))

  it.effect("ends the daemon that finds its database damaged while it is open", () =>
    Effect.gen(function*() {
      const { database } = yield* Home
      const { awaited } = yield* Shutdown
      yield* withDatabase((sql) => sql`SELECT 1`)

      yield* withDatabase((sql) =>
        Effect.gen(function*() {
          writeFileSync(database, new Uint8Array(statSync(database).size).fill(7))
          yield* Effect.flip(sql`SELECT * FROM outbox, inbox`)
          yield* Effect.flip(sql`SELECT 1`)
        })
      )

      const why = yield* Effect.flip(awaited)
      assert.strictEqual(why.code, "disk_failed")
      assert.include(why.message, `Database "${database}" cannot be relied on`)
    }).pipe(Effect.provide(environment)))

  it.effect("refuses what cannot be opened", () =>
    Effect.gen(function*() {
      const { database } = yield* Home
      mkdirSync(database)

      const refusal = yield* Effect.flip(withDatabase((sql) => sql`SELECT 1`))

      assert.propertyVal(refusal, "code", "home_unusable")
      assert.include(refusal.message, database)
    }).pipe(Effect.provide(environment)))
})

/** Opens, uses and closes. */
function withDatabase<A, E>(use: (sql: SqlClient.SqlClient) => Effect.Effect<A, E>) {
  return SqlClient.SqlClient.use(use).pipe(Effect.provide(Layer.fresh(layerDatabase)))
}
