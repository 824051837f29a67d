/**
 * What an agent run says it is for: its role, and the groups it is in.
 *
 * @module
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

const statements = [
  `ALTER TABLE sessions ADD COLUMN role TEXT`,
  // JSON: a list of names, each with or without a role.
  `ALTER TABLE sessions ADD COLUMN groups TEXT NOT NULL DEFAULT '[]'`,
  `CREATE INDEX sessions_ended ON sessions (ended_at) WHERE ended_at IS NOT NULL`
]

/** Adds both; a session that runs is without, until it says so. */
export const describeSessions = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  yield* Effect.forEach(statements, (statement) => sql.unsafe(statement), { discard: true })
})
