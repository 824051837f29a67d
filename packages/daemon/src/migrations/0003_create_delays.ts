/**
 * When a message that is sealed again may leave.
 *
 * @module
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/** Adds the time before which a message waits; zero for one that never had to. */
export const createDelays = SqlClient.SqlClient.use((sql) =>
  Effect.asVoid(sql`ALTER TABLE outbox ADD COLUMN not_before INTEGER NOT NULL DEFAULT 0`)
)
