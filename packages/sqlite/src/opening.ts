/**
 * Opens a database file, its user's alone and durable, and closes it with the scope.
 *
 * @module
 */
import { Effect, type Scope } from "effect"
import type { SqlError } from "effect/sql"
import { DatabaseSync } from "node:sqlite"
import { createPrivate } from "./private_file.ts"
import { toSqlError } from "./sqlite_error.ts"

/** What to open, and how careful to be. */
export interface OpeningOptions {
  /** A path, or `:memory:`. */
  readonly filename: string
  /**
   * `full`, unless told otherwise: a commit returns when the disk has it. With `normal` a power cut
   * takes the last commits, though never part of one; use it only for what can be made again.
   */
  readonly synchronous?: "full" | "normal"
  /** How long a statement waits for another process's lock. It blocks the event loop, so: 2 seconds. */
  readonly busyTimeoutMillis?: number
}

/** The name of a database that lives in memory and ends with its scope. */
export const MEMORY = ":memory:"

/** How large a write-ahead log may stay on disk once it has been copied into the database. */
const WAL_BYTES_KEPT_MAX = 67_108_864

/**
 * Opens; on close copies the write-ahead log into the database, so that one file holds everything.
 *
 * A database that is not sound by then is left as it is, not even closed: closing would write to it too.
 */
export const open = Effect.fnUntraced(function*(
  options: OpeningOptions,
  isSound: () => boolean = () => true
): Effect.fn.Return<DatabaseSync, SqlError.SqlError, Scope.Scope> {
  const configured = Effect.tap(
    attempt(() => openFile(options)),
    (database) =>
      Effect.onError(
        attempt(() => configure(database, options)),
        () => Effect.sync(() => database.close())
      )
  )
  return yield* Effect.acquireRelease(
    configured,
    (database) => Effect.suspend(() => isSound() ? close(database) : Effect.void)
  )
})

function attempt<A>(run: () => A): Effect.Effect<A, SqlError.SqlError> {
  return Effect.try({ try: run, catch: (thrown) => toSqlError(thrown, "open database") })
}

function openFile({ busyTimeoutMillis = 2_000, filename }: OpeningOptions): DatabaseSync {
  if (filename !== MEMORY) createPrivate(filename)
  return new DatabaseSync(filename, {
    timeout: busyTimeoutMillis,
    enableForeignKeyConstraints: true
  })
}

function configure(
  database: DatabaseSync,
  { filename, synchronous = "full" }: OpeningOptions
): void {
  const mode = database.prepare("PRAGMA journal_mode = WAL").get()?.["journal_mode"]
  // Some network file systems cannot share the memory that a write-ahead log needs.
  if (filename !== MEMORY && mode !== "wal") {
    throw new Error(`"${filename}" lies where SQLite can keep no write-ahead log`)
  }
  database.exec(`PRAGMA synchronous = ${synchronous}`)
  // Without it, macOS answers before the bytes have left the disk's own cache.
  database.exec(`PRAGMA fullfsync = ${synchronous === "full" ? 1 : 0}`)
  database.exec(`PRAGMA journal_size_limit = ${WAL_BYTES_KEPT_MAX}`)
}

function close(database: DatabaseSync): Effect.Effect<void> {
  return attempt(() => database.exec("PRAGMA wal_checkpoint(TRUNCATE)")).pipe(
    // Nothing is lost: the next open reads the log that stayed.
    Effect.ignore({ log: "Warn", message: "Left the write-ahead log in place" }),
    Effect.andThen(Effect.sync(() => database.close()))
  )
}
