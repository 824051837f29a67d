/**
 * Runs a synchronous body over prepared statements in one transaction; a fault of the disk is `StoreFailed`.
 *
 * @module
 */
import { Database, type Prepare, storageFault } from "@claudemesh/sqlite"
import { Effect } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { StoreFailed } from "../store_failed.ts"

/** All of the body, or nothing; when the effect succeeds it is on disk. */
export type Transact = <A>(body: (prepare: Prepare) => A) => Effect.Effect<A, StoreFailed>

/** Reads without a transaction: what it sees is whole, because the body has the connection to itself. */
export const makeRead: Effect.Effect<Transact, never, Database> = Effect.gen(function*() {
  const database = yield* Database
  return (body) => Effect.mapError(database.use(body), toStoreFailed)
})

/** The transactions of the database there is. */
export const makeTransact: Effect.Effect<
  Transact,
  never,
  Database | SqlClient.SqlClient
> = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const database = yield* Database
  return (body) => Effect.mapError(sql.withTransaction(database.use(body)), toStoreFailed)
})

/** What the store's callers see of SQLite's faults. */
function toStoreFailed(error: SqlError.SqlError): StoreFailed {
  return new StoreFailed({ fault: storageFault(error) ?? "unknown", reason: error.message })
}
