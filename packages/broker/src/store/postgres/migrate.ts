/**
 * Brings the schema up to date, one broker at a time, or refuses a database that is not for this program.
 *
 * Brokers that start at once wait for one another; the second finds nothing
 * left to do. It is all one transaction, so that no broker ever sees half of
 * it. Whoever waits in vain, for another broker or for a lock on a table,
 * gives up by when a database must have answered.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol"
import type { Migrations } from "@claudemesh/sqlite"
import { Effect, Predicate } from "effect"
import { Migrator, SqlClient, SqlError } from "effect/sql"
import { BrokerLimits } from "../../broker_limits.ts"
import type { Row } from "./transaction.ts"

/** A list of migrations is the same for every SQL. */
type MigrationList = Migrations.MigrationList

/** Where the migrator writes what it has run. */
const TABLE = "claudemesh_migrations"

/** Bounds the wait for each lock of this transaction. */
function lockWithin(millis: number): string {
  return `SELECT set_config('lock_timeout', '${Math.max(1, Math.round(millis))}', true)`
}

const LOCK = "SELECT pg_advisory_xact_lock(hashtext('claudemesh migrations'))"

/** Runs what has not run yet, all of it or nothing. */
export const migrate = Effect.fn("migrate")(function*(migrations: MigrationList) {
  const sql = yield* SqlClient.SqlClient
  const { databaseAnswerMillisMax } = yield* BrokerLimits
  const loader = Migrator.fromRecord(migrations)
  yield* sql.unsafe(lockWithin(databaseAnswerMillisMax)).pipe(
    Effect.andThen(sql.unsafe(LOCK)),
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
       EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema()) AS is_used,
       has_schema_privilege(current_schema(), 'CREATE') AS may_create`
  )
  if (schema?.["is_ours"] === true) return yield* checkVersion(sql, migrations)
  if (!Predicate.isString(schema?.["name"])) {
    return yield* unusable("it has no schema that this role may use")
  }
  if (schema?.["is_used"] === true) {
    return yield* unusable(`its schema "${schema["name"]}" holds tables of another program`)
  }
  // The migrator would hide the refusal of the server behind the next one, that the transaction is aborted.
  if (schema?.["may_create"] !== true) {
    const why = `its role may not make tables in the schema "${schema["name"]}"`
    return yield* refused("database_denied", `Cannot use the database: ${why}`)
  }
})

const checkVersion = Effect.fnUntraced(function*(
  sql: SqlClient.SqlClient,
  migrations: MigrationList
) {
  const [row] = yield* sql.unsafe<Row>("SELECT max(migration) AS floor FROM schema_floor")
  const newestKnown = Math.max(0, ...Object.keys(migrations).map((key) => Number.parseInt(key, 10)))
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
