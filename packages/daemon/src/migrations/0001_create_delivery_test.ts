import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { layerMigratedDatabase } from "../testing/migrated_database.ts"

describe("createDelivery", () => {
  it.effect("finds what waits by an index, however much has been sent", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient

      const plan = yield* sql`EXPLAIN QUERY PLAN SELECT * FROM outbox
        WHERE mesh = 'm' AND state = 'pending' AND position > 7 ORDER BY position LIMIT 64`

      const [step, ...others] = plan.map(({ detail }) => String(detail))
      assert.include(step, "outbox_pending")
      assert.deepStrictEqual(others, [])
    }).pipe(Effect.provide(layerMigratedDatabase())))

  it.effect("makes tables that take no value of another type", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient

      const tables = yield* sql<{ readonly name: string; readonly strict: number }>`
        SELECT name, strict FROM pragma_table_list
        WHERE schema = 'main' AND type = 'table' AND name NOT LIKE '%sql%'`

      assert.isAbove(tables.length, 10)
      assert.deepStrictEqual(tables.filter(({ strict }) => strict !== 1), [])
    }).pipe(Effect.provide(layerMigratedDatabase())))
})
