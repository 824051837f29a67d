/**
 * Creates the tables: the store's name, membership logs, devices with their mailboxes, dedupe rows, prekeys.
 *
 * `devices.num` stands for (mesh, device) in the large tables. A log's numbers
 * come from `devices.log_end`, taken in the transaction that writes the entry.
 *
 * @module
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

const tables = [
  `CREATE TABLE store (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    epoch TEXT NOT NULL,
    born_at INTEGER NOT NULL
  ) STRICT`,
  `CREATE TABLE meshes (
    mesh TEXT PRIMARY KEY,
    head INTEGER NOT NULL,
    head_hash TEXT NOT NULL
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE statements (
    mesh TEXT NOT NULL REFERENCES meshes,
    seq INTEGER NOT NULL,
    statement TEXT NOT NULL,
    PRIMARY KEY (mesh, seq)
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE invites (
    invite TEXT PRIMARY KEY,
    mesh TEXT NOT NULL REFERENCES meshes
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE devices (
    num INTEGER PRIMARY KEY,
    mesh TEXT NOT NULL REFERENCES meshes,
    device TEXT NOT NULL,
    live INTEGER NOT NULL,
    sseq_floor INTEGER NOT NULL DEFAULT 0,
    log_end INTEGER NOT NULL DEFAULT 0,
    UNIQUE (mesh, device)
  ) STRICT`,
  `CREATE TABLE attach_epochs (
    device TEXT PRIMARY KEY,
    epoch INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE prekeys (
    num INTEGER PRIMARY KEY REFERENCES devices,
    prekey TEXT NOT NULL
  ) STRICT`,
  `CREATE TABLE bodies (
    body INTEGER PRIMARY KEY AUTOINCREMENT,
    envelope TEXT NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT`,
  `CREATE INDEX bodies_by_expiry ON bodies (expires_at)`,
  `CREATE TABLE entries (
    num INTEGER NOT NULL REFERENCES devices,
    seq INTEGER NOT NULL,
    body INTEGER NOT NULL,
    PRIMARY KEY (num, seq)
  ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX entries_by_body ON entries (body)`,
  `CREATE TABLE dedupes (
    num INTEGER NOT NULL REFERENCES devices,
    id TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    commitment TEXT NOT NULL,
    admitted_at INTEGER NOT NULL,
    PRIMARY KEY (num, id, attempt)
  ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX dedupes_by_time ON dedupes (admitted_at)`
]

export const createStore = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  for (const table of tables) yield* sql.unsafe(table)
})
