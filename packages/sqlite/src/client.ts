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
 * - A parameter whose value bears on the plan, as in `LIMIT ?` or where a partial index is on the
 *   column it is compared with, has SQLite prepare the statement anew at each call, which takes some
 *   three times as long as the call. `CAST(? AS INTEGER)` hides the value from the planner.
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
import { type Guard, type LastingFault, makeGuard, unguarded } from "./fault_guard.ts"
import { toCamelRows, toSnake } from "./names.ts"
import type { DatabaseSync } from "node:sqlite"
import { open, type OpeningOptions } from "./opening.ts"
import { resultCode, toSqlError } from "./sqlite_error.ts"

export type { LastingFault } from "./fault_guard.ts"
export type { OpeningOptions } from "./opening.ts"

/** Opens the database and closes it with the layer; fails with `SqlError` if it cannot be opened. */
export function layer(
  options: ClientOptions
): Layer.Layer<SqlClient.SqlClient | Database, SqlError.SqlError> {
  return Layer.effectContext(make(options)).pipe(Layer.provide(Reactivity.layer))
}

/** Speaks to a database that is open already and stays open: for a simulator, which owns its disks. */
export function layerOver(
  database: DatabaseSync
): Layer.Layer<SqlClient.SqlClient | Database> {
  return Layer.effectContext(makeOver(database)).pipe(Layer.provide(Reactivity.layer))
}

/** How to open, and whom to tell that the connection is of no use any more; without, it goes on as it can. */
export interface ClientOptions extends OpeningOptions {
  readonly onFault?: (fault: LastingFault) => void
}

const make = Effect.fnUntraced(function*({ onFault, ...options }: ClientOptions) {
  let isSound = true
  const guard = onFault && makeGuard((fault) => {
    isSound = false
    onFault(fault)
  })
  return yield* makeOver(yield* open(options, () => isSound), guard)
})

const makeOver = Effect.fnUntraced(function*(
  database: DatabaseSync,
  guard: Guard = unguarded
): Effect.fn.Return<
  Context.Context<SqlClient.SqlClient | Database>,
  never,
  Scope.Scope | Reactivity.Reactivity
> {
  const connection = makeConnection(database, guard)

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

  function guarded<A>(body: (prepare: Prepare) => A) {
    return () => guard(() => body(connection.prepare))
  }

  return Context.make(SqlClient.SqlClient, sql).pipe(
    Context.add(Database, {
      use: (body) =>
        Effect.flatMap(
          Effect.serviceOption(sql.transactionService),
          Option.match({
            onNone: () => borrower(() => run(guarded(body))),
            onSome: () => run(guarded(body))
          })
        )
    })
  )
})

function run<A>(body: () => A): Effect.Effect<A, SqlError.SqlError> {
  return Effect.catchDefect(
    Effect.sync(body),
    (thrown) =>
      resultCode(thrown) === undefined
        ? Effect.die(thrown)
        : Effect.fail(toSqlError(thrown, "use database"))
  )
}
