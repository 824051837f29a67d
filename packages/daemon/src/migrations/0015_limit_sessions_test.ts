import { Migrations, SqliteClient } from "@claudemesh/sqlite"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { makeSessionRows } from "../sessions/session_rows.ts"
import { sessionIdOf } from "../testing/made_sessions.ts"
import { migrations } from "./mod.ts"

const before = Object.fromEntries(
  Object.entries(migrations).filter(([name]) => Number.parseInt(name, 10) < 15)
)

describe("limitSessions", () => {
  it.effect("leaves the sessions that run, and those that have ended, without a limit", () =>
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
        assert.deepInclude(row, { name: "api", mode: "inbox", caps: null })
        assert.lengthOf(others, 0)
      }
    }).pipe(Effect.provide(SqliteClient.layer({ filename: ":memory:" }))))
})
