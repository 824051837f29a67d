/**
 * Speaks Effect's connection contract over one `DatabaseSync`.
 *
 * Each statement runs to its end where it stands, on the event loop: there is no queue, no worker
 * and nothing to interrupt. Rows are SQLite's as they come; nothing looks at them but the client's
 * renaming of columns.
 *
 * @module
 */
import { Effect, Stream } from "effect"
import type { SqlConnection, SqlError } from "effect/sql"
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite"
import { type Guard, kindOf, unguarded } from "./fault_guard.ts"
import { toSqlError } from "./sqlite_error.ts"
import { keepStatements, type Prepare, prepareOne } from "./statements.ts"

/** Effect's connection, and what lies under it. */
export interface SqliteConnection extends SqlConnection.Connection {
  readonly database: DatabaseSync
  readonly prepare: Prepare
}

/** Makes the connection of an open database; every call to it passes the guard. */
export function makeConnection(
  database: DatabaseSync,
  guard: Guard = unguarded
): SqliteConnection {
  const prepare = keepStatements(database)
  function attempt<A>(sql: string, run: () => A): Effect.Effect<A, SqlError.SqlError> {
    return Effect.try({
      try: () => guard(run, kindOf(sql)),
      catch: (thrown) => toSqlError(thrown, "execute statement")
    })
  }

  return {
    database,
    prepare,
    execute: (sql, params, transformRows) =>
      attempt(sql, () => {
        const rows = prepare(sql).all(...bindable(params))
        return transformRows === undefined ? rows : transformRows(rows)
      }),
    executeUnprepared: (sql, params, transformRows) =>
      attempt(sql, () => {
        const rows = prepareOne(database, sql).all(...bindable(params))
        return transformRows === undefined ? rows : transformRows(rows)
      }),
    executeRaw: (sql, params) => attempt(sql, () => raw(prepare(sql), bindable(params))),
    executeValues: (sql, params) => attempt(sql, () => values(database, sql, bindable(params))),
    executeValuesUnprepared: (sql, params) =>
      attempt(sql, () => values(database, sql, bindable(params))),
    executeStream: () =>
      Stream.die(
        "Cannot stream from SQLite: a slow reader would hold the only connection; read in pages"
      )
  }
}

/** Rows from what has columns; from the rest how many rows changed, and the last row's id. */
function raw(statement: StatementSync, params: ReadonlyArray<SQLInputValue>): unknown {
  return statement.columns().length > 0 ? statement.all(...params) : statement.run(...params)
}

/** Prepares each time, because a kept statement would go on answering with arrays. */
function values(database: DatabaseSync, sql: string, params: ReadonlyArray<SQLInputValue>) {
  const statement = prepareOne(database, sql)
  statement.setReturnArrays(true)
  return statement.all(...params).map((row) => Object.values(row))
}

/** Refuses what SQLite has no type for; `node:sqlite` would read an object as named parameters. */
function bindable(params: ReadonlyArray<unknown>): ReadonlyArray<SQLInputValue> {
  if (params.every(isBindable)) return params
  const place = params.findIndex((param) => !isBindable(param))
  throw new TypeError(`parameter ${place + 1} is neither number, bigint, string, bytes nor null`)
}

function isBindable(value: unknown): value is SQLInputValue {
  switch (typeof value) {
    case "string":
    case "number":
    case "bigint":
      return true
    default:
      return value === null || ArrayBuffer.isView(value)
  }
}
