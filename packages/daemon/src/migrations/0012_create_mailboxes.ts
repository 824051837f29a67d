/**
 * What is remembered of each mailbox: an entry to know it again by, and how often we have attached to it.
 *
 * @module
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/** Creates the table; what it holds is learnt at the next entry and the next attach. */
export const createMailboxes = SqlClient.SqlClient.use((sql) =>
  Effect.asVoid(sql`
    CREATE TABLE mailboxes (
      mesh TEXT PRIMARY KEY,
      -- Of the entries that were read, the one that the broker keeps for longest.
      last_seq INTEGER,
      last_id TEXT,
      last_until INTEGER,
      -- The number of our last attachment in that store, and how often we have tried since.
      store_epoch TEXT,
      epoch INTEGER,
      tries INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID
  `)
)
