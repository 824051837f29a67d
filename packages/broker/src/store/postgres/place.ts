/**
 * Where a database stands: in which history, and how far in the log of its server.
 *
 * The history is made of the server's system identifier and timeline, the
 * number of the database, and the file of one of our tables. A standby that is
 * promoted begins a new timeline; a copy of a database has another number; what
 * is restored from a dump lies in other files. (So does a table after VACUUM
 * FULL, for nothing but a little work.)
 *
 * @module
 */
import type { Row } from "./transaction.ts"

/** A place. */
export interface Place {
  readonly history: string
  /** Bytes of log that the server had synced; 0 where it does not tell. */
  readonly lsn: number
}

const FILES = `(SELECT oid FROM pg_database WHERE datname = current_database()),
  pg_relation_filenode('store'::regclass)`

/** Columns that say where the database stands. */
export const PLACE = `concat_ws('/', ${FILES}, (SELECT system_identifier FROM pg_control_system()),
  left(pg_walfile_name(pg_current_wal_flush_lsn()), 8)) AS history,
  (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::float8 AS lsn`

/** The same, as far as a server tells it that keeps its log to itself. */
export const PLACE_UNSEEN = `concat_ws('/', ${FILES}) AS history, 0::float8 AS lsn`

/** Reads the columns. */
export function toPlace(row: Row): Place {
  return { history: String(row["history"]), lsn: Number(row["lsn"]) }
}

/** Whether it is a copy of an earlier state, as somebody has seen the same history go further. */
export function isBehind(place: Place, seen: Place | undefined): boolean {
  return seen !== undefined && seen.history === place.history && place.lsn < seen.lsn
}

/** A place as it is written down. */
export function textOfPlace({ history, lsn }: Place): string {
  return `${history} ${lsn}`
}

/** Reads what was written down; nothing if it is something else. */
export function placeFromText(text: string | undefined): Place | undefined {
  const [, history, lsn] = /^(\S+) (\d+)$/.exec(text ?? "") ?? []
  return history === undefined ? undefined : { history, lsn: Number(lsn) }
}
