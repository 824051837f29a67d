/**
 * A client whose connections break at a chosen statement of a transaction, once.
 *
 * @module
 */
import { Effect, Layer } from "effect"
import { SqlClient, type SqlConnection, SqlError } from "effect/sql"

/** What happens at the next transactions; a test sets it. */
export interface Breaking {
  /** Which statement of a transaction, BEGIN being 0, finds its connection broken; nothing is broken when unset. */
  statement?: number | undefined
  /** Whether the commit is done and only its answer lost. */
  commitDone?: boolean
  /** Happens before that statement: breaks the connections there are, say. */
  cut: Effect.Effect<void>
}

/** The client, with that put before it. */
export function breakingClient<E>(
  client: Layer.Layer<SqlClient.SqlClient, E>,
  breaking: Breaking
): Layer.Layer<SqlClient.SqlClient, E> {
  const wrapped = Effect.map(SqlClient.SqlClient, (sql): SqlClient.SqlClient => {
    const reserve = Effect.map(sql.reserve, (connection) => wrap(connection, breaking))
    return Object.assign(sql.withoutTransforms(), { reserve })
  })
  return Layer.provide(Layer.effect(SqlClient.SqlClient, wrapped), client)
}

function wrap(connection: SqlConnection.Connection, breaking: Breaking): SqlConnection.Connection {
  let at = 0
  function next<A>(run: Effect.Effect<A, SqlError.SqlError>) {
    return Effect.suspend(() => {
      if (breaking.statement !== at++) return run
      breaking.statement = undefined
      return breaking.commitDone === true
        ? Effect.andThen(run, Effect.fail(lost))
        : Effect.andThen(breaking.cut, run)
    })
  }
  const { executeRaw, executeUnprepared } = connection
  return Object.assign(Object.create(connection), {
    executeRaw: (...args: Parameters<typeof executeRaw>) => next(connection.executeRaw(...args)),
    executeUnprepared: (...args: Parameters<typeof executeUnprepared>) =>
      next(connection.executeUnprepared(...args))
  })
}

const lost = new SqlError.SqlError({
  reason: new SqlError.ConnectionError({ cause: new Error("the answer was lost") })
})
