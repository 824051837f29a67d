/**
 * Gives a test the daemon's tables: in memory, or in a file that outlives one opening.
 *
 * @module
 */
import { type Database, Migrations, SqliteClient } from "@claudemesh/sqlite"
import { Layer } from "effect"
import type { SqlClient } from "effect/sql"
import { migrations } from "../migrations/mod.ts"

/** An open database with every table; a database in memory ends with the layer. */
export function layerMigratedDatabase(
  filename = ":memory:"
): Layer.Layer<SqlClient.SqlClient | Database> {
  return Layer.effectDiscard(Migrations.migrate(migrations)).pipe(
    Layer.provideMerge(SqliteClient.layer({ filename })),
    Layer.orDie
  )
}

/** The migrations before the one of that number. */
export function migrationsBefore(number: number) {
  return Object.fromEntries(
    Object.entries(migrations).filter(([name]) => Number.parseInt(name, 10) < number)
  )
}
