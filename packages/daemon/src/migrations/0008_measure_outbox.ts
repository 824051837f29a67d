/**
 * How much waits in the outbox, kept by the database itself: no way to change a message can forget it.
 *
 * @module
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

const OPEN = "('pending', 'sending', 'admitted')"

const SIZE = "length(content) + length(meta)"

const statements = [
  `CREATE TABLE outbox_load (messages INTEGER NOT NULL, bytes INTEGER NOT NULL) STRICT`,
  `INSERT INTO outbox_load SELECT count(*), coalesce(sum(${SIZE}), 0)
    FROM outbox WHERE class = 'dm' AND state IN ${OPEN}`,
  `CREATE TRIGGER outbox_load_accepted AFTER INSERT ON outbox
    WHEN new.class = 'dm' AND new.state IN ${OPEN} BEGIN
      UPDATE outbox_load SET messages = messages + 1, bytes = bytes + length(new.content) + length(new.meta);
    END`,
  `CREATE TRIGGER outbox_load_ended AFTER UPDATE OF state ON outbox
    WHEN new.class = 'dm' AND old.state IN ${OPEN} AND new.state NOT IN ${OPEN} BEGIN
      UPDATE outbox_load SET messages = messages - 1, bytes = bytes - length(new.content) - length(new.meta);
    END`,
  `CREATE TRIGGER outbox_load_removed AFTER DELETE ON outbox
    WHEN old.class = 'dm' AND old.state IN ${OPEN} BEGIN
      UPDATE outbox_load SET messages = messages - 1, bytes = bytes - length(old.content) - length(old.meta);
    END`
]

/** Creates the one row that counts what has not ended. Receipts are not counted: they are nobody's to refuse. */
export const measureOutbox = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  yield* Effect.forEach(statements, (statement) => sql.unsafe(statement), { discard: true })
})
