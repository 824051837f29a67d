/**
 * Reads tables as a test wants to see them.
 *
 * @module
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/** What is due to be told to senders, in the order of messages. */
export const dueRows = SqlClient.SqlClient.use((sql) =>
  Effect.orDie(sql`SELECT id, stage, reason FROM receipts_due ORDER BY id, stage`)
)

/** Messages with their state and attempt, in the order of acceptance. */
export const outboxStates = SqlClient.SqlClient.use((sql) =>
  Effect.orDie(sql`SELECT state, attempt FROM outbox ORDER BY position`.values)
)

/** Numbers in streams, by message and then device. */
export const streamNumbers = SqlClient.SqlClient.use((sql) =>
  Effect.orDie(
    sql`SELECT sseq FROM outbox_recipients JOIN outbox USING (mesh, id) ORDER BY position, device`
      .values
  )
)
