/**
 * Gives Effect's `SqlClient` over `node:sqlite`: one file, one connection, durable commits.
 *
 * - A commit is on disk when it returns (write-ahead log, `synchronous=FULL`).
 * - Transactions are `BEGIN IMMEDIATE`; within one, another is a savepoint. While a fiber has one
 *   open, the statements of all others wait their turn.
 * - Names are `snake_case` in SQL and `camelCase` in TypeScript. `sql.withoutTransforms()` is the
 *   client that leaves them alone.
 * - Numbers: a `number` is bound as a REAL, which an INTEGER column stores as an integer; in an
 *   expression (`? || ''`, `json_object('n', ?)`) it shows as 1.0, so cast it there. A `bigint` may
 *   be bound. Integers are read as `number`; one past 2^53 fails the statement rather than lose
 *   digits. Blobs are `Uint8Array`. Booleans, dates and `undefined` are refused: encode them.
 * - A new file has mode 0600, and so have its -wal and -shm. One that exists keeps its mode.
 * - `sql.stream` is a defect: read in pages.
 *
 * SQLite before 3.51.3 can damage a file in write-ahead mode when two connections are open on it.
 * Here there is one, under the process lock, so older ones are not refused; nothing may open a
 * second while this one is.
 *
 * @module
 */
import { Context, Effect, Layer, Option, type Scope, Semaphore } from "effect"
import { Reactivity } from "effect/reactivity"
import { SqlClient, type SqlError, Statement } from "effect/sql"
import { makeConnection } from "./connection.ts"
import { Database, type Prepare } from "./database.ts"
import { toCamelRows, toSnake } from "./names.ts"
import { open, type OpeningOptions } from "./opening.ts"
import { resultCode, toSqlError } from "./sqlite_error.ts"

export type { OpeningOptions } from "./opening.ts"

/** Opens the database and closes it with the layer; fails with `SqlError` if it cannot be opened. */
export function layer(
  options: OpeningOptions
): Layer.Layer<SqlClient.SqlClient | Database, SqlError.SqlError> {
  return Layer.effectContext(make(options)).pipe(Layer.provide(Reactivity.layer))
}

const make = Effect.fnUntraced(function*(
  options: OpeningOptions
): Effect.fn.Return<
  Context.Context<SqlClient.SqlClient | Database>,
  SqlError.SqlError,
  Scope.Scope | Reactivity.Reactivity
> {
  const connection = makeConnection(yield* open(options))

  const { borrower, ...acquirers } = SqlClient.makeSqliteAcquirers({
    connection: Effect.succeed(connection),
    semaphore: Semaphore.makeUnsafe(1),
    isTransaction: ({ database }) => database.isTransaction
  })

  const sql = yield* SqlClient.make({
    ...acquirers,
    borrower,
    driver: "sqlite-node",
    compiler: Statement.makeCompilerSqlite(toSnake),
    transformRows: toCamelRows,
    spanAttributes: [["db.system.name", "sqlite"]],
    beginTransaction: "BEGIN IMMEDIATE",
    prepareTransactionControls: true,
    releaseSavepoint: (name) => `RELEASE SAVEPOINT ${name}`
  })

  return Context.make(SqlClient.SqlClient, sql).pipe(
    Context.add(Database, {
      use: (body) =>
        Effect.flatMap(
          Effect.serviceOption(sql.transactionService),
          Option.match({
            onNone: () => borrower(() => run(body, connection.prepare)),
            onSome: () => run(body, connection.prepare)
          })
        )
    })
  )
})

function run<A>(
  body: (prepare: Prepare) => A,
  prepare: Prepare
): Effect.Effect<A, SqlError.SqlError> {
  return Effect.catchDefect(
    Effect.sync(() => body(prepare)),
    (thrown) =>
      resultCode(thrown) === undefined
        ? Effect.die(thrown)
        : Effect.fail(toSqlError(thrown, "use database"))
  )
}
