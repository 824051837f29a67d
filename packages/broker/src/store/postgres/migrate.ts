/**
 * Brings the schema up to date, one broker at a time, or refuses a database that is not for this program.
 *
 * Brokers that start at once wait for one another; the second finds nothing
 * left to do. It is all one transaction, so that no broker ever sees half of
 * it.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol"
import { Effect, Predicate } from "effect"
import { Migrator, SqlClient, SqlError } from "effect/sql"
import type { Row } from "./transaction.ts"

/** Migrations by `<id>_<name>`; each runs once, in the order of ids. */
export type MigrationList = {
  readonly [key: `${number}_${string}`]: Effect.Effect<void, unknown, SqlClient.SqlClient>
}

/** Where the migrator writes what it has run. */
const TABLE = "claudemesh_migrations"

const LOCK = "SELECT pg_advisory_xact_lock(hashtext('claudemesh migrations'))"

/** Runs what has not run yet, all of it or nothing. */
export const migrate = Effect.fn("migrate")(function*(migrations: MigrationList) {
  const sql = yield* SqlClient.SqlClient
  const loader = Migrator.fromRecord(migrations)
  yield* sql.unsafe(LOCK).pipe(
    Effect.andThen(check(sql, migrations)),
    Effect.andThen(Migrator.make({})({ loader, table: TABLE })),
    sql.withTransaction,
    // To roll back on a connection that was lost is a defect to the client.
    Effect.catchDefect((defect) =>
      SqlError.isSqlError(defect) ? Effect.fail(defect) : Effect.die(defect)
    ),
    Effect.mapError((error) => error._tag === "MigrationError" ? causeOf(error) : error)
  )
})

const check = Effect.fnUntraced(function*(sql: SqlClient.SqlClient, migrations: MigrationList) {
  const [schema] = yield* sql.unsafe<Row>(
    `SELECT current_schema() AS name, to_regclass('schema_floor') IS NOT NULL AS is_ours,
       EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema()) AS is_used`
  )
  if (schema?.["is_ours"] === true) return yield* checkVersion(sql, migrations)
  if (!Predicate.isString(schema?.["name"])) {
    return yield* unusable("it has no schema that this role may use")
  }
  if (schema?.["is_used"] === true) {
    return yield* unusable(`its schema "${schema["name"]}" holds tables of another program`)
  }
})

const checkVersion = Effect.fnUntraced(function*(
  sql: SqlClient.SqlClient,
  migrations: MigrationList
) {
  const [row] = yield* sql.unsafe<Row>("SELECT max(migration) AS floor FROM schema_floor")
  const newestKnown = Math.max(0, ...Object.keys(migrations).map(Number.parseInt))
  if (Number(row?.["floor"]) > newestKnown) {
    return yield* unusable("a newer version of this program changed it: upgrade this broker")
  }
})

function causeOf({ cause, message }: Migrator.MigrationError): SqlError.SqlError | Refused {
  return SqlError.isSqlError(cause) ? cause : unusable(message)
}

function unusable(why: string): Refused {
  return refused("database_unusable", `Cannot use the database: ${why}`)
}
