/**
 * The rows of devices that a transaction has locked, so that nobody else numbers, revokes or counts them meanwhile.
 *
 * Whoever locks several locks them in the order of their numbers, in one
 * statement: two who both need them wait for one another, and never in a ring.
 *
 * @module
 */
import type { DeviceId, MeshId } from "@claudemesh/protocol"
import { Effect } from "effect"
import type { Mailbox } from "../log_store.ts"
import type { Query, Row } from "./transaction.ts"

/** A device and its mailbox. */
export interface LockedDevice {
  readonly num: number
  readonly live: boolean
  readonly attachEpoch: number
  sseqFloor: number
  logEnd: number
  unreadEntries: number
  unreadBytes: number
  sentBytes: number
  changed: boolean
}

/** Finds what was locked by its name. */
export type LockedDevices = (mesh: MeshId, device: DeviceId) => LockedDevice | undefined

/** Locks all that there are of these. */
export const lockDevices = Effect.fnUntraced(function*(
  query: Query,
  mailboxes: Iterable<Mailbox>
) {
  const names = new Map([...mailboxes].map((mailbox) => [nameOf(mailbox), mailbox]))
  const rows = yield* query(
    `SELECT devices.* FROM unnest($1::text[], $2::text[]) AS asked (mesh, device)
     JOIN devices USING (mesh, device) ORDER BY num FOR NO KEY UPDATE OF devices`,
    [
      Array.from(names.values(), ({ mesh }) => mesh),
      Array.from(names.values(), ({ device }) => device)
    ]
  )
  const locked = new Map(
    rows.map((row) => [nameIn(row), toLockedDevice(row)])
  )
  function find(mesh: MeshId, device: DeviceId) {
    return locked.get(nameOf({ mesh, device }))
  }
  return { find, all: [...locked.values()] }
})

/** One name for both. */
export function nameOf({ device, mesh }: Mailbox): string {
  return `${mesh} ${device}`
}

/** The name of the mailbox that a row is of. */
export function nameIn(row: Row): string {
  return `${String(row["mesh"])} ${String(row["device"])}`
}

function toLockedDevice(row: Row): LockedDevice {
  return {
    num: Number(row["num"]),
    live: row["live"] === true,
    attachEpoch: Number(row["attach_epoch"]),
    sseqFloor: Number(row["sseq_floor"]),
    logEnd: Number(row["log_end"]),
    unreadEntries: Number(row["unread_entries"]),
    unreadBytes: Number(row["unread_bytes"]),
    sentBytes: Number(row["sent_bytes"]),
    changed: false
  }
}
