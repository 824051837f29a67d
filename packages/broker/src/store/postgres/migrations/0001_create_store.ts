/**
 * Creates the tables: the store's name, membership logs, devices with their mailboxes, dedupe rows, prekeys.
 *
 * `devices.num` stands for (mesh, device) in the large tables, which refer to
 * it without a foreign key: a check for each row would cost more than the row.
 * A log's numbers come from `devices.log_end`, taken under the lock of that
 * row in the transaction that writes the entry.
 *
 * @module
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

const statements = [
  // The oldest migration that a program must know to work on this schema; see `migrate`.
  "CREATE TABLE schema_floor (migration integer NOT NULL)",
  "INSERT INTO schema_floor VALUES (1)",
  `CREATE TABLE store (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    epoch text NOT NULL,
    born_at bigint NOT NULL,
    history text, -- of the database; see "Place"
    clock bigint, -- what the store's clock showed last
    clock_wall bigint -- and the wall clock with it
  )`,
  `CREATE TABLE meshes (
    mesh text PRIMARY KEY,
    head bigint NOT NULL,
    head_hash text NOT NULL
  )`,
  // Bytes that lie unread in a mesh are the sum of its shards: one row would have every admission wait for the last.
  `CREATE TABLE mesh_unread (
    mesh text NOT NULL,
    shard integer NOT NULL,
    bytes bigint NOT NULL,
    PRIMARY KEY (mesh, shard)
  ) WITH (fillfactor = 50)`,
  `CREATE TABLE statements (
    mesh text NOT NULL REFERENCES meshes,
    seq bigint NOT NULL,
    statement text NOT NULL,
    PRIMARY KEY (mesh, seq)
  )`,
  `CREATE TABLE invites (
    invite text PRIMARY KEY,
    mesh text NOT NULL REFERENCES meshes
  )`,
  // Room in each page, so that a changed row stays in it and no index changes.
  `CREATE TABLE devices (
    num bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    mesh text NOT NULL REFERENCES meshes,
    device text NOT NULL,
    live boolean NOT NULL,
    attach_epoch bigint NOT NULL DEFAULT 0, -- of the newest attachment
    sseq_floor bigint NOT NULL DEFAULT 0,
    log_end bigint NOT NULL DEFAULT 0,
    acked bigint NOT NULL DEFAULT 0,
    unread_entries bigint NOT NULL DEFAULT 0, -- in its mailbox, past "acked"
    unread_bytes bigint NOT NULL DEFAULT 0,
    read_bytes bigint NOT NULL DEFAULT 0, -- in its mailbox, up to "acked"
    sent_bytes bigint NOT NULL DEFAULT 0, -- from it, unread in any mailbox
    UNIQUE (mesh, device)
  ) WITH (fillfactor = 50)`,
  `CREATE TABLE attach_epochs (
    device text PRIMARY KEY,
    epoch bigint NOT NULL
  ) WITH (fillfactor = 50)`,
  `CREATE TABLE prekeys (
    num bigint PRIMARY KEY REFERENCES devices,
    prekey text NOT NULL
  )`,
  "CREATE SEQUENCE body_numbers",
  // What is sealed does not compress, and most of it fits the page of its row.
  `CREATE TABLE bodies (
    body bigint PRIMARY KEY,
    envelope text NOT NULL,
    expires_at bigint NOT NULL
  ) WITH (toast_tuple_target = 8160)`,
  "ALTER TABLE bodies ALTER COLUMN envelope SET STORAGE EXTERNAL",
  "CREATE INDEX bodies_by_expiry ON bodies (expires_at)",
  `CREATE TABLE entries (
    num bigint NOT NULL,
    seq bigint NOT NULL,
    body bigint NOT NULL,
    sender bigint NOT NULL, -- "devices.num"
    bytes bigint NOT NULL,
    PRIMARY KEY (num, seq)
  )`,
  "CREATE INDEX entries_by_body ON entries (body)",
  `CREATE TABLE dedupes (
    num bigint NOT NULL,
    id uuid NOT NULL,
    attempt integer NOT NULL,
    commitment text NOT NULL,
    admitted_at bigint NOT NULL,
    PRIMARY KEY (num, id, attempt)
  )`,
  "CREATE INDEX dedupes_by_time ON dedupes (admitted_at)"
]

export const createStore = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  for (const statement of statements) yield* sql.unsafe(statement)
})
