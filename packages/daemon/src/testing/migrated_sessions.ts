/**
 * What a migration makes of sessions that were there before it.
 *
 * @module
 */
import { Migrations } from "@claudemesh/sqlite"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { migrations } from "../migrations/mod.ts"
import { makeSessionRows } from "../sessions/session_rows.ts"
import { sessionIdOf } from "./made_sessions.ts"
import { migrationsBefore } from "./migrated_database.ts"

/** A session that runs and one that has ended, of before that migration, as they are after all of them. */
export const sessionsFromBefore = Effect.fn("sessionsFromBefore")(function*(number: number) {
  const sql = yield* SqlClient.SqlClient
  yield* Migrations.migrate(migrationsBefore(number))
  for (const [id, endedAt] of [[1, null], [2, 5]] as const) {
    yield* sql`INSERT INTO sessions ${
      sql.insert({
        id: sessionIdOf(id),
        name: "api",
        cwd: "/src/api",
        pid: id,
        processMark: "first",
        startedAt: 1,
        tokenHash: `hash ${id}`,
        mode: "inbox",
        endedAt
      })
    }`
  }
  yield* Migrations.migrate(migrations)
  const { ended, live } = yield* makeSessionRows
  return [...yield* live, ...yield* ended]
})
