/**
 * Notes how far each device has read, under which attachment, and how much lies unread.
 *
 * The sums are kept beside the entries that they are of, in the transactions
 * that change those. Of entries that were there before, the sender is not
 * known: they count for nobody's share.
 *
 * @module
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

const columns = [
  "entries ADD COLUMN sender INTEGER NOT NULL DEFAULT 0", // `devices.num`, or nobody's
  "entries ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0",
  "devices ADD COLUMN attach_epoch INTEGER NOT NULL DEFAULT 0", // of the newest attachment
  "devices ADD COLUMN acked INTEGER NOT NULL DEFAULT 0",
  "devices ADD COLUMN unread_entries INTEGER NOT NULL DEFAULT 0", // in its mailbox, past `acked`
  "devices ADD COLUMN unread_bytes INTEGER NOT NULL DEFAULT 0",
  "devices ADD COLUMN read_bytes INTEGER NOT NULL DEFAULT 0", // in its mailbox, up to `acked`
  "devices ADD COLUMN sent_bytes INTEGER NOT NULL DEFAULT 0", // from it, unread in any mailbox
  "meshes ADD COLUMN unread_bytes INTEGER NOT NULL DEFAULT 0"
]

const sums = [
  "UPDATE entries SET bytes = (SELECT length(envelope) FROM bodies WHERE body = entries.body)",
  `UPDATE devices SET
     unread_entries = (SELECT count(*) FROM entries WHERE num = devices.num),
     unread_bytes = (SELECT coalesce(sum(bytes), 0) FROM entries WHERE num = devices.num)`,
  `UPDATE meshes SET unread_bytes =
     (SELECT coalesce(sum(unread_bytes), 0) FROM devices WHERE mesh = meshes.mesh)`
]

export const boundMailboxes = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  for (const column of columns) yield* sql.unsafe(`ALTER TABLE ${column}`)
  for (const sum of sums) yield* sql.unsafe(sum)
})
