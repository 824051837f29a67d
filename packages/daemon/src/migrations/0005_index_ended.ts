/**
 * Messages that are over, by age: what is swept away is found without a look at all there is.
 *
 * @module
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/** Indexes what has ended of the outbox, and what was read of the inbox. */
export const indexEnded = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  yield* sql`CREATE INDEX outbox_ended ON outbox (mesh, accepted_at)
    WHERE state IN ('settled', 'dead', 'expired')`
  yield* sql`CREATE INDEX inbox_read ON inbox (mesh, read_at) WHERE read_at IS NOT NULL`
})
