/**
 * Which calls have come: the highest number of each stream of them, so that none is ever answered twice.
 *
 * @module
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/** Creates the table; calls are few and late ones are over, so no gaps are kept. */
export const createIncomingCalls = SqlClient.SqlClient.use((sql) =>
  Effect.asVoid(sql`
    CREATE TABLE incoming_calls (
      mesh TEXT NOT NULL,
      sender TEXT NOT NULL,
      sseq INTEGER NOT NULL,
      PRIMARY KEY (mesh, sender)
    ) STRICT, WITHOUT ROWID
  `)
)
