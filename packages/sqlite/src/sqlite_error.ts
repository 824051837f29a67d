/**
 * Says what SQLite's result codes mean, in Effect's words and in ours.
 *
 * Effect's `SqlError` tells constraints, locks and failed opens apart; a full disk, a failing disk
 * and a damaged file are all `UnknownError` to it. They call for different acts (refuse new work;
 * stop and restart; quarantine), so `storageFault` tells those apart.
 *
 * @module
 */
import { Predicate } from "effect"
import { SqlError } from "effect/sql"

/** A fault of the disk or of the file, which no retry of the statement cures. */
export type StorageFault = "full" | "io" | "corrupt"

/** Result codes by name, <https://sqlite.org/rescode.html>; extended codes keep these in their low byte. */
export const ResultCode = {
  error: 1,
  busy: 5,
  readOnly: 8,
  io: 10,
  corrupt: 11,
  full: 13,
  notADatabase: 26
} as const

/** `SQLITE_IOERR_SHMSIZE`: the one way in which a full disk is called a failing one. */
const NO_ROOM_FOR_WAL_INDEX = 4874

const storageFaults: ReadonlyMap<number | undefined, StorageFault> = new Map([
  [ResultCode.full, "full"],
  [ResultCode.io, "io"],
  [ResultCode.corrupt, "corrupt"],
  [ResultCode.notADatabase, "corrupt"]
])

/** The fault behind a failed statement, or nothing if disk and file are not to blame. */
export function storageFault(error: SqlError.SqlError): StorageFault | undefined {
  return faultOf(error.reason.cause)
}

/** The fault behind what `node:sqlite` threw. */
export function faultOf(thrown: unknown): StorageFault | undefined {
  return extendedCode(thrown) === NO_ROOM_FOR_WAL_INDEX
    ? "full"
    : storageFaults.get(resultCode(thrown))
}

/** The primary result code of what `node:sqlite` threw, or nothing if SQLite did not speak. */
export function resultCode(thrown: unknown): number | undefined {
  const code = extendedCode(thrown)
  return code === undefined ? undefined : code & 0xff
}

function extendedCode(thrown: unknown): number | undefined {
  if (!Predicate.hasProperty(thrown, "errcode")) return undefined
  return Predicate.isNumber(thrown.errcode) ? thrown.errcode : undefined
}

/** The sentence in what was thrown. */
export function reasonOf(thrown: unknown): string {
  return Predicate.isError(thrown) ? thrown.message : String(thrown)
}

/** Turns what was thrown into Effect's error, classified as Effect's own SQLite drivers do. */
export function toSqlError(thrown: unknown, operation: string): SqlError.SqlError {
  // Effect looks for the code under the name that the other drivers give it.
  if (Predicate.isError(thrown) && Predicate.hasProperty(thrown, "errcode")) {
    Object.assign(thrown, { errno: thrown.errcode })
  }
  return new SqlError.SqlError({
    reason: SqlError.classifySqliteError(thrown, {
      message: `Cannot ${operation}: ${reasonOf(thrown)}`,
      operation
    })
  })
}
