/**
 * Meshes, their membership logs, what is to be sent and what has arrived.
 *
 * @module
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

const tables = [
  `CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT`,
  // What a mesh is called here, and how far its mailbox has been read, in which store of the broker.
  `CREATE TABLE meshes (
    mesh TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    added_at INTEGER NOT NULL,
    store_epoch TEXT,
    upto INTEGER NOT NULL DEFAULT 0,
    sseq_floor INTEGER NOT NULL DEFAULT 0
  ) STRICT`,
  `CREATE TABLE statements (
    mesh TEXT NOT NULL,
    seq INTEGER NOT NULL,
    statement TEXT NOT NULL,
    PRIMARY KEY (mesh, seq)
  ) STRICT, WITHOUT ROWID`,
  // Secrets of invites issued here, to show their links again.
  `CREATE TABLE invite_secrets (
    invite TEXT PRIMARY KEY,
    mesh TEXT NOT NULL,
    secret BLOB NOT NULL
  ) STRICT, WITHOUT ROWID`,
  // position orders what was accepted; sealing keeps that order for each recipient.
  `CREATE TABLE outbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    mesh TEXT NOT NULL,
    id TEXT NOT NULL,
    class TEXT NOT NULL,
    addressed TEXT NOT NULL,
    meta TEXT NOT NULL,
    content BLOB NOT NULL,
    salt BLOB NOT NULL,
    commitment TEXT NOT NULL,
    accepted_at INTEGER NOT NULL,
    ttl INTEGER NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL,
    reason TEXT,
    UNIQUE (mesh, id)
  ) STRICT`,
  `CREATE INDEX outbox_pending ON outbox (mesh, position) WHERE state = 'pending'`,
  `CREATE INDEX outbox_open ON outbox (accepted_at) WHERE state IN ('pending', 'sending', 'admitted')`,
  `CREATE TABLE outbox_recipients (
    mesh TEXT NOT NULL,
    id TEXT NOT NULL,
    device TEXT NOT NULL,
    session TEXT,
    sseq INTEGER,
    state TEXT NOT NULL,
    reason TEXT,
    PRIMARY KEY (mesh, id, device)
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE outbox_steps (
    mesh TEXT NOT NULL,
    id TEXT NOT NULL,
    device TEXT NOT NULL,
    state TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (mesh, id, device, state)
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE outgoing_streams (
    mesh TEXT NOT NULL,
    device TEXT NOT NULL,
    class TEXT NOT NULL,
    sseq INTEGER NOT NULL,
    PRIMARY KEY (mesh, device, class)
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE inbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    mesh TEXT NOT NULL,
    sender TEXT NOT NULL,
    id TEXT NOT NULL,
    session TEXT,
    commitment TEXT NOT NULL,
    meta TEXT NOT NULL,
    text TEXT NOT NULL,
    sent_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    read_at INTEGER,
    UNIQUE (mesh, sender, id)
  ) STRICT`,
  `CREATE INDEX inbox_unread ON inbox (mesh) WHERE read_at IS NULL`,
  // What came of each stream: the highest number, and the ranges below it that did not come.
  `CREATE TABLE incoming_streams (
    mesh TEXT NOT NULL,
    sender TEXT NOT NULL,
    sseq INTEGER NOT NULL,
    PRIMARY KEY (mesh, sender)
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE incoming_gaps (
    mesh TEXT NOT NULL,
    sender TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (mesh, sender, first)
  ) STRICT, WITHOUT ROWID`,
  // Stages to be told to senders; written in the transaction that makes them true.
  `CREATE TABLE receipts_due (
    mesh TEXT NOT NULL,
    sender TEXT NOT NULL,
    id TEXT NOT NULL,
    stage TEXT NOT NULL,
    commitment TEXT NOT NULL,
    reason TEXT,
    at INTEGER NOT NULL,
    PRIMARY KEY (mesh, sender, id, stage)
  ) STRICT, WITHOUT ROWID`
]

export const createDelivery = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  yield* Effect.forEach(tables, (table) => sql.unsafe(table), { discard: true })
})
