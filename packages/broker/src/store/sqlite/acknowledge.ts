/**
 * Moves cursors over prepared statements, within the caller's transaction: what they pass counts as read.
 *
 * @module
 */
import type { Prepare } from "@claudemesh/sqlite"
import type { Acknowledgement } from "../log_store.ts"
import { type DeviceRow, DeviceRows, type EntrySum } from "./device_rows.ts"

/** Answers, in the same order, whether each came by the newest attachment of its mailbox. */
export function acknowledge(
  prepare: Prepare,
  acks: ReadonlyArray<Acknowledgement>
): ReadonlyArray<boolean> {
  const rows = new DeviceRows(prepare)
  const outcomes = acks.map(({ epoch, mailbox, upto }) => {
    const row = rows.find(mailbox.mesh, mailbox.device)
    if (row === undefined || row.attachEpoch !== epoch) return false
    moveTo(prepare, rows, { row, upto: Math.min(upto, row.logEnd) })
    return true
  })
  rows.writeBack()
  return outcomes
}

function moveTo(
  prepare: Prepare,
  rows: DeviceRows,
  { row, upto }: { readonly row: DeviceRow; readonly upto: number }
): void {
  if (upto <= row.acked) return
  const passed = prepare(
    `SELECT sender, count(*) AS entries, sum(bytes) AS bytes FROM entries
     WHERE num = ? AND seq > ? AND seq <= ? GROUP BY sender`
  ).all(row.num, row.acked, upto).map(toSum)
  for (const sum of passed) {
    rows.takeUnread(row, sum)
    rows.addRead(row, sum.bytes)
  }
  row.acked = upto
  row.changed = true
}

function toSum({ bytes, entries, sender }: Record<string, unknown>): EntrySum {
  return { sender: Number(sender), entries: Number(entries), bytes: Number(bytes) }
}
