/**
 * What agent runs are shown of the inbox, and what is known of a run beyond its process.
 *
 * A session stays known after its process has ended, so that it can be resumed under its name with what
 * came for it meanwhile.
 *
 * @module
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

const statements = [
  `ALTER TABLE sessions ADD COLUMN mesh TEXT`,
  `ALTER TABLE sessions ADD COLUMN mode TEXT NOT NULL DEFAULT 'push'`,
  `ALTER TABLE sessions ADD COLUMN unprompted INTEGER NOT NULL DEFAULT 0`,
  `ALTER TABLE sessions ADD COLUMN carrier TEXT`,
  `ALTER TABLE sessions ADD COLUMN status TEXT NOT NULL DEFAULT 'idle'`,
  `ALTER TABLE sessions ADD COLUMN status_source TEXT NOT NULL DEFAULT 'file'`,
  `ALTER TABLE sessions ADD COLUMN status_at INTEGER NOT NULL DEFAULT 0`,
  // When something was last heard of it, and when a human last spoke to it.
  `ALTER TABLE sessions ADD COLUMN active_at INTEGER NOT NULL DEFAULT 0`,
  `ALTER TABLE sessions ADD COLUMN human_at INTEGER NOT NULL DEFAULT 0`,
  `ALTER TABLE sessions ADD COLUMN ended_at INTEGER`,
  `CREATE INDEX sessions_live ON sessions (mesh, active_at) WHERE ended_at IS NULL`,
  // A message is shown to one session at a time: its place in the inbox names it.
  `CREATE TABLE surfacings (
    position INTEGER PRIMARY KEY,
    session TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'posted', 'held', 'surfaced', 'in_context', 'dropped')),
    -- The carrier that it was handed to, or why it is held.
    detail TEXT,
    changed_at INTEGER NOT NULL
  ) STRICT`,
  `CREATE INDEX surfacings_open ON surfacings (session, position) WHERE state IN ('waiting', 'posted')`,
  `CREATE INDEX surfacings_held ON surfacings (position) WHERE state = 'held'`,
  `CREATE INDEX surfacings_latest ON surfacings (session, position)`,
  `CREATE TRIGGER surfacings_pruned AFTER DELETE ON inbox BEGIN
    DELETE FROM surfacings WHERE position = old.position;
  END`,
  // Whose messages a human has let agents see; it outlives the messages.
  `CREATE TABLE accepted_senders (
    mesh TEXT NOT NULL,
    sender TEXT NOT NULL,
    accepted_at INTEGER NOT NULL,
    PRIMARY KEY (mesh, sender)
  ) STRICT, WITHOUT ROWID`,
  `CREATE TRIGGER accepted_senders_left AFTER DELETE ON meshes BEGIN
    DELETE FROM accepted_senders WHERE mesh = old.mesh;
  END`
]

/** Adds what is known of sessions, the table of what each is shown, and whom a human has let in. */
export const createSurfacings = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  yield* Effect.forEach(statements, (statement) => sql.unsafe(statement), { discard: true })
})
