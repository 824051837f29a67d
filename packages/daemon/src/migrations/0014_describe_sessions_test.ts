import { Migrations, SqliteClient } from "@claudemesh/sqlite"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { makeSessionRows } from "../sessions/session_rows.ts"
import { sessionIdOf } from "../testing/made_sessions.ts"
import { layerMigratedDatabase } from "../testing/migrated_database.ts"
import { migrations } from "./mod.ts"

const before = Object.fromEntries(
  Object.entries(migrations).filter(([name]) => Number.parseInt(name, 10) < 14)
)

describe("describeSessions", () => {
  it.effect("leaves the sessions that run, and those that have ended, without a role and groups", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* Migrations.migrate(before)
      for (const number of [1, 2]) {
        yield* sql`INSERT INTO sessions ${
          sql.insert({
            id: sessionIdOf(number),
            name: "api",
            cwd: "/src/api",
            pid: number,
            processMark: "first",
            startedAt: 1,
            tokenHash: `hash ${number}`,
            mode: "inbox",
            endedAt: number === 1 ? null : 5
          })
        }`
      }

      yield* Migrations.migrate(migrations)

      const { ended, live } = yield* makeSessionRows
      for (const [row, ...others] of [yield* live, yield* ended]) {
        assert.deepInclude(row, { name: "api", mode: "inbox", role: null, groups: [] })
        assert.lengthOf(others, 0)
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
