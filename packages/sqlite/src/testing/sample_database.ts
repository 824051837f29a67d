/**
 * Writes databases for a test to damage.
 *
 * @module
 */
import { Effect } from "effect"
import { copyFileSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { temporaryDirectory } from "./temporary_directory.ts"

/** How large a page of these is. */
export const PAGE_BYTES = 4_096

/** A database of several pages, closed, alone in its directory. */
export const healthy = Effect.gen(function*() {
  const directory = yield* temporaryDirectory
  const filename = `${directory}/a.db`
  using database = new DatabaseSync(filename)
  database.exec("PRAGMA journal_mode = WAL; CREATE TABLE logs (id TEXT)")
  const insert = database.prepare("INSERT INTO logs VALUES (?)")
  for (let nth = 0; nth < 50; nth++) insert.run(String(nth).padStart(500, "0"))
  return { directory, filename }
})

/** What a crash leaves of it: a database, and a log with a commit that is nowhere else. */
export const withLog = Effect.gen(function*() {
  const { directory, filename } = yield* healthy
  using database = new DatabaseSync(filename)
  database.exec("INSERT INTO logs VALUES ('in the log')")
  const crashed = `${directory}/crashed.db`
  for (const suffix of ["", "-wal"]) copyFileSync(filename + suffix, crashed + suffix)
  return { crashed }
})
