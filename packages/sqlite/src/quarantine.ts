/**
 * Looks at a database before it is opened, and moves a damaged one aside.
 *
 * What is moved is never deleted and never overwritten: the database and what lies beside it get
 * the same new name, `<filename>.corrupt-<UTC time>`, so that SQLite's tools can still open it.
 * Whatever else keeps a file from being opened (rights, a lock, a failing disk) is not damage, and
 * moves nothing.
 *
 * Costs one pass over the file, on the event loop. Call it under the process lock, with no
 * connection open on the file.
 *
 * @module
 */
import { DateTime, Effect, Option, Schema } from "effect"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- nothing may come between look and move
import { existsSync, renameSync } from "node:fs"
import { damageOf } from "./damage.ts"
import { MEMORY } from "./opening.ts"
import { reasonOf } from "./sqlite_error.ts"

/** The file cannot be looked at or not be moved, for another reason than damage. Nothing is lost. */
export class DatabaseUnopenable
  extends Schema.TaggedError<DatabaseUnopenable>()("DatabaseUnopenable", {
    filename: Schema.String,
    reason: Schema.String
  })
{
  override get message(): string {
    return `Cannot open database "${this.filename}": ${this.reason}`
  }
}

/** What was found damaged, and where it is now. */
export interface Quarantined {
  readonly filename: string
  readonly damage: string
  /** The new paths, the database's first if there was one. */
  readonly moved: ReadonlyArray<string>
}

/** The database and what SQLite keeps beside it. */
const SUFFIXES = ["", "-wal", "-shm", "-journal"] as const

/** How many files quarantined within one millisecond get names of their own. */
const NAMES_TRIED_MAX = 100

/** Leaves a path that can be opened: as it is, or free because what was there has been moved. */
export const openable: (
  filename: string
) => Effect.Effect<Option.Option<Quarantined>, DatabaseUnopenable> = Effect.fn(
  "Quarantine.openable"
)(
  function*(filename) {
    if (filename === MEMORY) return Option.none()
    const now = yield* DateTime.now
    return yield* Effect.try({
      try: () => {
        const damage = damageOf(filename)
        if (damage === undefined) return Option.none()
        return Option.some({ filename, damage, moved: moveAside(filename, stamp(now)) })
      },
      catch: (thrown) => new DatabaseUnopenable({ filename, reason: reasonOf(thrown) })
    })
  }
)

/** The database goes first: what a crash then leaves is a log without it, which is found again. */
function moveAside(filename: string, stamp: string): ReadonlyArray<string> {
  const aside = freeName(`${filename}.corrupt-${stamp}`)
  const present = SUFFIXES.filter((suffix) => existsSync(filename + suffix))
  for (const suffix of present) renameSync(filename + suffix, aside + suffix)
  return present.map((suffix) => aside + suffix)
}

function freeName(wanted: string): string {
  for (let nth = 1; nth <= NAMES_TRIED_MAX; nth++) {
    const name = nth === 1 ? wanted : `${wanted}-${nth}`
    if (!SUFFIXES.some((suffix) => existsSync(name + suffix))) return name
  }
  throw new Error(`there are ${NAMES_TRIED_MAX} quarantined files named "${wanted}"`)
}

/** `20261124T053000.123Z`: sorts by time, and has no character that a file system refuses. */
function stamp(now: DateTime.Utc): string {
  return DateTime.formatIso(now).replaceAll(/[-:]/g, "")
}
