/**
 * Brings a database's schema up to date, or refuses one that is ahead of this program.
 *
 * @module
 */
import { Effect, Schema } from "effect"
import { Migrator, SqlClient, type SqlError } from "effect/sql"

/** Migrations by `<id>_<name>`; each runs once, in the order of ids. */
export type MigrationList = {
  readonly [key: `${number}_${string}`]: Effect.Effect<void, unknown, SqlClient.SqlClient>
}

/** The database holds a migration that this program does not know: a newer version wrote it. */
export class DatabaseNewer extends Schema.TaggedError<DatabaseNewer>()("DatabaseNewer", {
  migration: Schema.String,
  newestKnown: Schema.Int
}) {
  override get message(): string {
    return `Cannot use database: a newer version wrote it, whose migration "${this.migration}" is unknown here (newest known: ${this.newestKnown})`
  }
}

/** Where the migrator writes what it has run. */
const TABLE = "effect_sql_migrations"

/**
 * Runs what has not run yet, all of it or nothing, and answers with what it ran.
 *
 * A database of a newer version is left as it is. The migrator's own log lines are at debug level.
 */
export const migrate: (
  migrations: MigrationList
) => Effect.Effect<
  ReadonlyArray<readonly [id: number, name: string]>,
  DatabaseNewer | Migrator.MigrationError | SqlError.SqlError,
  SqlClient.SqlClient
> = Effect.fn("Migrations.migrate")(function*(migrations) {
  const sql = yield* SqlClient.SqlClient
  const loader = Migrator.fromRecord(migrations)
  const run = Migrator.make({})({ loader, table: TABLE })
  return yield* sql.withTransaction(Effect.andThen(refuseNewer(sql, loader), run))
})

const refuseNewer = Effect.fnUntraced(function*(sql: SqlClient.SqlClient, loader: Migrator.Loader) {
  const tables = yield* sql`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ${TABLE}`
  if (tables.length === 0) return

  const known = (yield* loader).map(([id]) => id)
  const recorded = yield* sql<{ readonly id: number; readonly name: string }>`
    SELECT migration_id AS id, name FROM ${sql(TABLE)} ORDER BY migration_id
  `
  const unknown = recorded.find(({ id }) => !known.includes(id))
  if (unknown === undefined) return

  return yield* new DatabaseNewer({
    migration: `${unknown.id}_${unknown.name}`,
    newestKnown: Math.max(0, ...known)
  })
})
