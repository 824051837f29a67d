/**
 * Runs statements on one connection between BEGIN and COMMIT, and knows whether a failure left something behind.
 *
 * Nothing is kept in a session: neither a prepared statement nor a setting
 * outlives its transaction, so that a pooler may lend the session to others
 * in between.
 *
 * @module
 */
import { Effect, Predicate } from "effect"
import { SqlClient, type SqlConnection, type SqlError } from "effect/sql"
import { StoreFailed } from "../store_failed.ts"
import { sentenceOf } from "./sql_fault.ts"

/** A row, by the names of its columns. Whole numbers of 64 bits are `bigint`. */
export type Row = SqlConnection.Row

/** Runs one statement. */
export type Query = (
  text: string,
  parameters?: ReadonlyArray<unknown>
) => Effect.Effect<ReadonlyArray<Row>, SqlError.SqlError>

/**
 * All of the body, or nothing. What fails with `SqlError` has left nothing behind. What fails with
 * `StoreFailed` failed at the commit, whose answer was lost: it may have happened.
 */
export type Transaction = <A, E>(
  body: (query: Query) => Effect.Effect<A, E>
) => Effect.Effect<A, E | SqlError.SqlError | StoreFailed>

// Each statement of it sees what was committed before it began, whatever the database prefers.
const BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED"

/** A server that is asked in vain by then is given up, and the connection with it. */
const ROLLBACK_WITHIN = "5 seconds"

/** The transactions of the database there is. */
export const makeTransaction: Effect.Effect<Transaction, never, SqlClient.SqlClient> = Effect.map(
  SqlClient.SqlClient,
  (sql): Transaction =>
    Effect.fnUntraced(function*(body) {
      const connection = yield* sql.reserve
      const query = queryOn(connection)
      return yield* query(BEGIN).pipe(
        Effect.andThen(body(query)),
        Effect.tap(() => commit(connection)),
        // Where the connection is lost the server does it; where the commit was done it does nothing.
        Effect.onError(() => rollback(query))
      )
    }, Effect.scoped)
)

function queryOn(connection: SqlConnection.Connection): Query {
  return (text, parameters = []) => connection.executeUnprepared(text, parameters, undefined)
}

function commit(connection: SqlConnection.Connection): Effect.Effect<void, StoreFailed> {
  return connection.executeRaw("COMMIT", []).pipe(
    Effect.mapError((error) => unknownCommit(sentenceOf(error))),
    Effect.flatMap((result) =>
      Predicate.hasProperty(result, "command") && result.command === "COMMIT"
        ? Effect.void
        : Effect.fail(unknownCommit("the transaction had failed"))
    )
  )
}

/** The connection goes back to the others as it came, or not at all. */
function rollback(query: Query): Effect.Effect<void> {
  return query("ROLLBACK").pipe(
    Effect.interruptible,
    Effect.timeoutOption(ROLLBACK_WITHIN),
    Effect.ignore
  )
}

function unknownCommit(why: string): StoreFailed {
  return new StoreFailed({ fault: "unknown", reason: `the commit was not confirmed: ${why}` })
}
