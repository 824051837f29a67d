/**
 * The order of a stream: what comes is stored in it or not at all, and a number that never comes shows at the next.
 *
 * @module
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/** Notes with a message how many before it ended on their way; ranges that are still open are needed no more. */
export const keepOrder = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  yield* sql`ALTER TABLE inbox ADD COLUMN missing_before INTEGER NOT NULL DEFAULT 0`
  yield* sql`DROP TABLE incoming_gaps`
})
