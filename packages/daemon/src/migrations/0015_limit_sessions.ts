/**
 * What an agent run is limited to by its user.
 *
 * @module
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/** Adds it; a session that was there before stays without a limit. */
export const limitSessions = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  // JSON: a list of capabilities.
  yield* sql.unsafe(`ALTER TABLE sessions ADD COLUMN caps TEXT`)
})
