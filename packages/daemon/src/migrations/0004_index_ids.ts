/**
 * Messages by their ids alone: a person names one by the beginning of its id, and no mesh.
 *
 * @module
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/** Indexes both tables of messages by id. */
export const indexIds = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  yield* sql`CREATE INDEX outbox_ids ON outbox (id) WHERE class = 'dm'`
  yield* sql`CREATE INDEX inbox_ids ON inbox (id)`
})
