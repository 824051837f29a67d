/**
 * Tells a damaged database from a healthy one without changing it.
 *
 * Finds a damaged structure, not a changed letter in a text: SQLite keeps no checksums. What keeps
 * the file from being read at all (rights, a lock, a failing disk) is thrown, never called damage.
 *
 * @module
 */
// oxlint-disable-next-line effecttsgo/node-builtin-import -- nothing may come between look and move
import { statSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { faultOf, reasonOf, ResultCode, resultCode } from "./sqlite_error.ts"

/** How long to wait for a backup tool's lock; it blocks. */
const BUSY_TIMEOUT_MILLIS = 500

/** What is wrong with the database, or nothing; a file that is empty or not there is a new one. */
export function damageOf(filename: string): string | undefined {
  const database = statSync(filename, { throwIfNoEntry: false })
  if (database !== undefined && !database.isFile()) throw new Error("it is not a file")
  if (database === undefined || database.size === 0) {
    // SQLite would take the database for new and delete the log with all that was committed to it.
    const log = statSync(`${filename}-wal`, { throwIfNoEntry: false })
    return log !== undefined && log.size > 0 ? "its write-ahead log is there without it" : undefined
  }
  return look(filename, true)
}

function look(filename: string, readOnly: boolean): string | undefined {
  try {
    return firstFault(filename, readOnly)
  } catch (thrown) {
    // A crash has left a rollback to finish, which needs the right to write.
    if (readOnly && resultCode(thrown) === ResultCode.readOnly) return look(filename, false)
    if (isDamage(thrown)) return reasonOf(thrown)
    throw thrown
  }
}

/** Writes nothing when read-only: closing would otherwise copy the log into a damaged file. */
function firstFault(filename: string, readOnly: boolean): string | undefined {
  using database = new DatabaseSync(filename, { readOnly, timeout: BUSY_TIMEOUT_MILLIS })
  const answer = database.prepare("PRAGMA quick_check(1)").get()?.["quick_check"]
  return answer === "ok" ? undefined : String(answer)
}

function isDamage(thrown: unknown): boolean {
  if (faultOf(thrown) === "corrupt") return true
  // How SQLite words a header whose format number no version of it has.
  return resultCode(thrown) === ResultCode.error && reasonOf(thrown) === "unsupported file format"
}
