import { SqliteClient } from "@claudemesh/sqlite"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { layerMigratedDatabase } from "../testing/migrated_database.ts"
import { sessionsFromBefore } from "../testing/migrated_sessions.ts"

describe("describeSessions", () => {
  it.effect("leaves the sessions that run, and those that have ended, without a role and groups", () =>
    Effect.gen(function*() {
      const rows = yield* sessionsFromBefore(14)

      assert.deepStrictEqual(rows.map(({ endedAt }) => endedAt), [null, 5])
      for (const row of rows) {
        assert.deepInclude(row, { name: "api", mode: "inbox", role: null, groups: [] })
      }
    }).pipe(Effect.provide(SqliteClient.layer({ filename: ":memory:" }))))

  it.effect.each([
    { query: `SELECT * FROM sessions WHERE ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT 9` },
    { query: `DELETE FROM sessions WHERE ended_at < 7` }
  ])("answers by its index: $query", ({ query }) =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient

      const steps = yield* sql.unsafe<{ readonly detail: string }>(`EXPLAIN QUERY PLAN ${query}`)

      assert.lengthOf(steps, 1)
      assert.include(steps[0]?.detail, "sessions_ended")
    }).pipe(Effect.provide(layerMigratedDatabase())))
})
