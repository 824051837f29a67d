/**
 * Opens the daemon's database: a damaged one is moved aside first, an old one brought up to date.
 *
 * A place where no database stays whole is refused. Build it under the daemon's lock. A quarantined
 * file is said loudly: in the log, and in `status` until the daemon ends. A disk that fails while it is
 * open ends the daemon: what was committed can only be told by opening the file anew.
 *
 * @module
 */
import { NodeFileSystem } from "@effect/platform-node"
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { type Database, Migrations, Quarantine, SqliteClient } from "@claudemesh/sqlite"
import { Effect, Layer, Option } from "effect"
import type { SqlClient } from "effect/sql"
import { HealthNotes } from "./health.ts"
import { Home } from "./home.ts"
import { migrations } from "./migrations/mod.ts"
import { systemReason } from "./private_file.ts"
import { Shutdown } from "./shutdown.ts"
import { unsafePlace } from "./unsafe_place.ts"

/** The migrated database, one connection, each commit on disk when it returns. */
export const layerDatabase: Layer.Layer<
  SqlClient.SqlClient | Database,
  Refused,
  Home | HealthNotes | Shutdown
> = Layer.effectContext(
  Effect.gen(function*() {
    const { data, database } = yield* Home
    yield* refuseUnsafePlace(data)
    return yield* Effect.mapError(openDatabase(database), (error) =>
      error._tag === "DatabaseNewer"
        ? refused("unsupported", `${error.message}; upgrade claudemesh`)
        : refused("home_unusable", `Cannot use database "${database}": ${error.message}`))
  })
).pipe(Layer.provide(NodeFileSystem.layer))

const refuseUnsafePlace = Effect.fn("Database.refuseUnsafePlace")(function*(directory: string) {
  const reason = yield* Effect.catch(
    unsafePlace(directory),
    (error) => Effect.succeed(systemReason(error))
  )
  if (reason === undefined) return
  return yield* refused(
    "home_unusable",
    `Cannot keep a database in "${directory}": ${reason}; set CLAUDEMESH_HOME to a directory of this machine`
  )
})

const openDatabase = Effect.fn("Database.open")(function*(filename: string) {
  const { failUnsafe } = yield* Shutdown
  yield* noteQuarantined(yield* Quarantine.openable(filename))
  const context = yield* Layer.build(SqliteClient.layer({
    filename,
    // Nothing is known for sure of such a file until it is opened anew, which the next daemon does.
    onFault: ({ reason }) => failUnsafe(failed(filename, reason))
  }))
  yield* Effect.provideContext(Migrations.migrate(migrations), context)
  return context
})

function failed(filename: string, reason: string): Refused {
  const whatNow = "the daemon ends here, and the next one looks at it first"
  return refused("disk_failed", `Database "${filename}" cannot be relied on: ${reason}; ${whatNow}`)
}

const noteQuarantined = Effect.fn("Database.noteQuarantined")(
  function*(quarantined: Option.Option<Quarantine.Quarantined>) {
    if (Option.isNone(quarantined)) return
    const { damage, filename, moved } = quarantined.value
    const notes = yield* HealthNotes
    yield* notes.note(
      `Database "${filename}" was damaged (${damage}) and a new one took its place; the old one is kept as "${
        moved.join(`", "`)
      }"`
    )
  }
)
