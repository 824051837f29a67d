/**
 * The agent runs of this machine, so that they survive a restart of the daemon.
 *
 * @module
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/** Creates the table of sessions; a token is kept as its hash. */
export const createSessions = SqlClient.SqlClient.use((sql) =>
  Effect.asVoid(sql`
    CREATE TABLE sessions (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      cwd TEXT NOT NULL,
      agent TEXT,
      pid INTEGER NOT NULL,
      process_mark TEXT NOT NULL,
      started_at INTEGER NOT NULL,
      token_hash TEXT NOT NULL UNIQUE
    ) STRICT, WITHOUT ROWID
  `)
)
