/**
 * The rows of devices that a transaction needs: each is read once, and written once at its end if it has changed.
 *
 * They hold the sums of what lies unread, which change here and nowhere else.
 *
 * @module
 */
import type { DeviceId, MeshId } from "@claudemesh/protocol"
import type { Prepare } from "@claudemesh/sqlite"

/** A device and its mailbox. */
export interface DeviceRow {
  readonly num: number
  readonly mesh: string
  readonly live: boolean
  readonly attachEpoch: number
  sseqFloor: number
  logEnd: number
  acked: number
  unreadEntries: number
  unreadBytes: number
  readBytes: number
  sentBytes: number
  changed: boolean
}

/** Some entries of one mailbox. */
export interface EntrySum {
  /** Whose they are: `num` of a device, or 0 where that is not known. */
  readonly sender: number
  readonly entries: number
  readonly bytes: number
}

interface MeshRow {
  unreadBytes: number
  changed: boolean
}

/** Lives as long as its transaction. */
export class DeviceRows {
  readonly #prepare: Prepare
  readonly #byName = new Map<string, DeviceRow | undefined>()
  readonly #byNum = new Map<number, DeviceRow>()
  readonly #meshes = new Map<string, MeshRow>()

  constructor(prepare: Prepare) {
    this.#prepare = prepare
  }

  /** The device of that name. */
  find(mesh: MeshId, device: DeviceId): DeviceRow | undefined {
    const name = `${mesh}${device}`
    if (this.#byName.has(name)) return this.#byName.get(name)
    const found = this.#keep(
      this.#prepare("SELECT * FROM devices WHERE mesh = ? AND device = ?").get(mesh, device)
    )
    this.#byName.set(name, found)
    return found
  }

  /** The device of that number. */
  at(num: number): DeviceRow | undefined {
    return this.#byNum.get(num) ??
      this.#keep(this.#prepare("SELECT * FROM devices WHERE num = ?").get(num))
  }

  /** What lies unread in a mesh. */
  unreadOf(mesh: string): number {
    return this.#meshOf(mesh).unreadBytes
  }

  /** Counts entries of a mailbox as unread. */
  addUnread(mailbox: DeviceRow, { bytes, entries, sender }: EntrySum): void {
    mailbox.unreadEntries += entries
    mailbox.unreadBytes += bytes
    mailbox.changed = true
    const mesh = this.#meshOf(mailbox.mesh)
    mesh.unreadBytes += bytes
    mesh.changed = true
    const from = this.at(sender)
    if (from === undefined) return
    from.sentBytes += bytes
    from.changed = true
  }

  /** Counts entries of a mailbox as unread no longer. */
  takeUnread(mailbox: DeviceRow, { bytes, entries, sender }: EntrySum): void {
    this.addUnread(mailbox, { sender, entries: -entries, bytes: -bytes })
  }

  /** Counts bytes of a mailbox as read, or with a minus as there no longer. */
  addRead(mailbox: DeviceRow, bytes: number): void {
    mailbox.readBytes += bytes
    mailbox.changed = true
  }

  /** Writes what has changed. */
  writeBack(): void {
    const update = this.#prepare(
      `UPDATE devices SET sseq_floor = ?, log_end = ?, acked = ?, unread_entries = ?,
         unread_bytes = ?, read_bytes = ?, sent_bytes = ? WHERE num = ?`
    )
    for (const row of this.#byNum.values()) if (row.changed) update.run(...valuesOf(row))
    const updateMesh = this.#prepare("UPDATE meshes SET unread_bytes = ? WHERE mesh = ?")
    for (const [mesh, row] of this.#meshes) {
      if (row.changed) updateMesh.run(row.unreadBytes, mesh)
    }
  }

  #meshOf(mesh: string): MeshRow {
    const known = this.#meshes.get(mesh)
    if (known !== undefined) return known
    const row = this.#prepare("SELECT unread_bytes FROM meshes WHERE mesh = ?").get(mesh)
    const read = { unreadBytes: Number(row?.["unread_bytes"] ?? 0), changed: false }
    this.#meshes.set(mesh, read)
    return read
  }

  #keep(row: Record<string, unknown> | undefined): DeviceRow | undefined {
    if (row === undefined) return undefined
    const read = toDeviceRow(row)
    const kept = this.#byNum.get(read.num) ?? read
    this.#byNum.set(kept.num, kept)
    return kept
  }
}

function valuesOf(row: DeviceRow): ReadonlyArray<number> {
  const { acked, logEnd, num, readBytes, sentBytes, sseqFloor, unreadBytes, unreadEntries } = row
  return [sseqFloor, logEnd, acked, unreadEntries, unreadBytes, readBytes, sentBytes, num]
}

function toDeviceRow(row: Record<string, unknown>): DeviceRow {
  return {
    num: Number(row["num"]),
    mesh: String(row["mesh"]),
    live: row["live"] === 1,
    attachEpoch: Number(row["attach_epoch"]),
    sseqFloor: Number(row["sseq_floor"]),
    logEnd: Number(row["log_end"]),
    acked: Number(row["acked"]),
    unreadEntries: Number(row["unread_entries"]),
    unreadBytes: Number(row["unread_bytes"]),
    readBytes: Number(row["read_bytes"]),
    sentBytes: Number(row["sent_bytes"]),
    changed: false
  }
}
