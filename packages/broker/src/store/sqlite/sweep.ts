/**
 * Drops what is too old or too much over prepared statements, within the caller's transaction.
 *
 * @module
 */
import type { Prepare } from "@claudemesh/sqlite"
import type { SweepOptions, Swept } from "../log_store.ts"
import { type DeviceRow, DeviceRows } from "./device_rows.ts"

/** `readBytesMax` is what one mailbox keeps of what was read. */
export function sweep(
  prepare: Prepare,
  { dedupesBefore, now, rowsMax }: SweepOptions,
  readBytesMax: number
): Swept {
  const rows = new DeviceRows(prepare)
  const expired = dropExpired(prepare, rows, { now, rowsMax })
  const surplus = dropSurplus(prepare, rows, { readBytesMax, rowsMax })
  rows.writeBack()
  const dedupes = prepare(
    `DELETE FROM dedupes WHERE (num, id, attempt) IN (
       SELECT num, id, attempt FROM dedupes WHERE admitted_at <= ? LIMIT CAST(? AS INTEGER))`
  ).run(dedupesBefore, rowsMax).changes
  return { entries: expired + surplus, dedupes: Number(dedupes) }
}

/**
 * A body goes with its entries; every addressee got the same time to live. One that has more entries
 * than may go at once still goes, alone.
 */
function dropExpired(
  prepare: Prepare,
  rows: DeviceRows,
  { now, rowsMax }: Pick<SweepOptions, "now" | "rowsMax">
): number {
  const expired = prepare(
    `SELECT body, (SELECT count(*) FROM entries WHERE entries.body = bodies.body) AS entries
     FROM bodies WHERE expires_at <= ? ORDER BY expires_at LIMIT CAST(? AS INTEGER)`
  ).all(now, rowsMax)
  const dropEntries = prepare(
    "DELETE FROM entries WHERE body = ? RETURNING num, seq, sender, bytes"
  )
  const dropBody = prepare("DELETE FROM bodies WHERE body = ?")
  let count = 0
  for (const { body, entries } of expired) {
    if (count > 0 && count + Number(entries) > rowsMax) break
    for (const entry of dropEntries.all(body ?? null)) {
      count += 1
      forget(rows, entry)
    }
    dropBody.run(body ?? null)
  }
  return count
}

function forget(rows: DeviceRows, entry: Record<string, unknown>): void {
  const bytes = Number(entry["bytes"])
  const mailbox = rows.at(Number(entry["num"]))
  if (mailbox === undefined) return
  if (Number(entry["seq"]) <= mailbox.acked) return rows.addRead(mailbox, -bytes)
  rows.takeUnread(mailbox, { sender: Number(entry["sender"]), entries: 1, bytes })
}

/** The oldest that was read, where a mailbox keeps too much of it. */
function dropSurplus(
  prepare: Prepare,
  rows: DeviceRows,
  { readBytesMax, rowsMax }: { readonly readBytesMax: number; readonly rowsMax: number }
): number {
  const over = prepare("SELECT num FROM devices WHERE read_bytes > ?").all(readBytesMax)
  let left = rowsMax
  for (const { num } of over) {
    const mailbox = rows.at(Number(num))
    if (mailbox === undefined || left === 0) break
    left -= dropRead(prepare, rows, { mailbox, readBytesMax, rowsMax: left })
  }
  return rowsMax - left
}

interface Surplus {
  readonly mailbox: DeviceRow
  readonly readBytesMax: number
  readonly rowsMax: number
}

function dropRead(
  prepare: Prepare,
  rows: DeviceRows,
  { mailbox, readBytesMax, rowsMax }: Surplus
): number {
  const oldest = prepare(
    "SELECT seq, body, bytes FROM entries WHERE num = ? AND seq <= ? ORDER BY seq LIMIT CAST(? AS INTEGER)"
  ).all(mailbox.num, mailbox.acked, rowsMax)
  const dropEntry = prepare("DELETE FROM entries WHERE num = ? AND seq = ?")
  const dropBody = prepare(
    "DELETE FROM bodies WHERE body = ? AND NOT EXISTS (SELECT 1 FROM entries WHERE entries.body = bodies.body)"
  )
  let count = 0
  for (const { body, bytes, seq } of oldest) {
    if (mailbox.readBytes <= readBytesMax) break
    dropEntry.run(mailbox.num, seq ?? null)
    dropBody.run(body ?? null)
    rows.addRead(mailbox, -Number(bytes))
    count += 1
  }
  return count
}
