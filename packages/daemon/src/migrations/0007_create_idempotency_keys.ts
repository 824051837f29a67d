/**
 * Which message a key of a caller's stands for, so that a request made twice is one message.
 *
 * @module
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/** Creates the table of keys. They go with their messages. */
export const createIdempotencyKeys = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  yield* sql`
    CREATE TABLE idempotency_keys (
      key TEXT PRIMARY KEY,
      mesh TEXT NOT NULL,
      id TEXT NOT NULL
    ) STRICT, WITHOUT ROWID`
  yield* sql`CREATE INDEX idempotency_keys_message ON idempotency_keys (mesh, id)`
})
