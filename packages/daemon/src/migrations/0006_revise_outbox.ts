/**
 * What a person wants to know of a message that waits, and what may be done with one that ended.
 *
 * @module
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

const statements = [
  // Refusals in a row, and the last of them; verdicts of recipients that were no end.
  `ALTER TABLE outbox ADD COLUMN tries INTEGER NOT NULL DEFAULT 0`,
  `ALTER TABLE outbox ADD COLUMN last_error TEXT`,
  `ALTER TABLE outbox ADD COLUMN verdicts INTEGER NOT NULL DEFAULT 0`,
  // When it was said how long it waits: a clock that was set back since then must not make it wait for longer.
  `ALTER TABLE outbox ADD COLUMN waits_since INTEGER NOT NULL DEFAULT 0`,
  // How often it was handed to a broker that has not said that it did not take it.
  `ALTER TABLE outbox ADD COLUMN unanswered INTEGER NOT NULL DEFAULT 0`,
  // The message that was sent in place of this one, and the one that this one was sent in place of.
  `ALTER TABLE outbox ADD COLUMN superseded_by TEXT`,
  `ALTER TABLE outbox ADD COLUMN supersedes TEXT`,
  // Whatever has left may be at the broker; before this migration nobody counted.
  `UPDATE outbox SET unanswered = 1 WHERE EXISTS (
    SELECT 1 FROM outbox_recipients r WHERE r.mesh = outbox.mesh AND r.id = outbox.id AND r.sseq IS NOT NULL)`,
  // What all have answered has arrived with somebody, or it was refused by everybody.
  `UPDATE outbox SET state = CASE WHEN EXISTS (
    SELECT 1 FROM outbox_recipients r WHERE r.mesh = outbox.mesh AND r.id = outbox.id
      AND r.state NOT IN ('rejected', 'expired')) THEN 'delivered' ELSE 'dead' END
    WHERE state = 'settled'`,
  `DROP INDEX outbox_ended`,
  `CREATE INDEX outbox_ended ON outbox (mesh, accepted_at)
    WHERE state IN ('delivered', 'dead', 'expired', 'aborted')`,
  `CREATE INDEX outbox_failed ON outbox (mesh, position) WHERE class = 'dm' AND state IN ('dead', 'expired')`,
  // The part of a stream that is still to come.
  `CREATE INDEX outbox_recipients_open ON outbox_recipients (mesh, device, sseq)
    WHERE state IN ('queued', 'admitted')`,
  `CREATE INDEX outbox_recipients_stream ON outbox_recipients (mesh, device, sseq)`
]

/** Adds what is known of attempts, the states that were missing, and the link to what took a message's place. */
export const reviseOutbox = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  yield* Effect.forEach(statements, (statement) => sql.unsafe(statement), { discard: true })
})
