import { assert, describe, it } from "@effect/vitest"
import { Effect, Logger } from "effect"
import { SqlClient } from "effect/sql"
import { layer } from "./client.ts"
import { migrate } from "./migrations.ts"

const memory = layer({ filename: ":memory:" })

const createLogs = SqlClient.SqlClient.use((sql) => Effect.asVoid(sql`CREATE TABLE logs (id TEXT)`))
const createEntries = SqlClient.SqlClient.use((sql) =>
  Effect.asVoid(sql`CREATE TABLE entries (log TEXT)`)
)

const first = { "0001_create_logs": createLogs }
const both = { "0002_create_entries": createEntries, ...first }

const tables = SqlClient.SqlClient.use((sql) =>
  sql`SELECT name FROM sqlite_schema WHERE type = 'table' AND name IN ('logs', 'entries') ORDER BY name`
    .values
)

describe("migrate", () => {
  it.effect("runs each migration once, in order, and says which", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* migrate(first), [[1, "create_logs"]])
      assert.deepStrictEqual(yield* migrate(both), [[2, "create_entries"]])
      assert.deepStrictEqual(yield* migrate(both), [])
      assert.deepStrictEqual(yield* tables, [["entries"], ["logs"]])
    }).pipe(Effect.provide(memory)))

  it.effect("refuses a database of a newer version and leaves it as it is", () =>
    Effect.gen(function*() {
      yield* migrate(both)

      const error = yield* Effect.flip(migrate(first))

      assert.strictEqual(error._tag, "DatabaseNewer")
      assert.include(
        error.message,
        `migration "2_create_entries" is unknown here (newest known: 1)`
      )
      assert.deepStrictEqual(yield* migrate(both), [])
    }).pipe(Effect.provide(memory)))

  it.effect("undoes everything when one fails", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(migrate({ ...first, "0002_broken": Effect.fail("no") }))

      assert.strictEqual(error._tag, "MigrationError")
      assert.deepStrictEqual(yield* tables, [])
      assert.deepStrictEqual(yield* migrate(both), [[1, "create_logs"], [2, "create_entries"]])
    }).pipe(Effect.provide(memory)))

  it.effect("says nothing in the log", () =>
    Effect.gen(function*() {
      const lines: Array<unknown> = []
      const listening = Logger.layer([Logger.make(({ message }) => lines.push(message))])

      yield* Effect.provide(migrate(both), listening)

      assert.lengthOf(lines, 0)
    }).pipe(Effect.provide(memory)))

  it("takes no name that the migrator would pass over", () => {
    // @ts-expect-error a name without an id
    const names: Parameters<typeof migrate>[0] = { create_logs: createLogs }
    assert.isDefined(names)
  })
})
