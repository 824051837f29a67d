import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import { Reactivity } from "effect/reactivity"
import { SqlClient, type SqlConnection, type SqlError, Statement } from "effect/sql"
import { makeTransaction } from "./transaction.ts"
import { connectionError, serverError } from "./testing/sql_errors.ts"

/** A connection that notes what it is told; `commit` is what it answers to that. */
function played(commit: Effect.Effect<unknown, SqlError.SqlError>) {
  const said: Array<string> = []
  function answer(text: string) {
    said.push(text.split(" ", 1).join())
    return text.startsWith("FAIL") ? Effect.fail(serverError("23505")) : Effect.succeed([])
  }
  const connection: SqlConnection.Connection = {
    execute: answer,
    executeUnprepared: answer,
    executeValues: () => Effect.succeed([]),
    executeValuesUnprepared: () => Effect.succeed([]),
    executeStream: () => Stream.empty,
    executeRaw: (text) => Effect.suspend(() => Effect.andThen(answer(text), commit))
  }
  const client = SqlClient.make({
    acquirer: Effect.succeed(connection),
    compiler: Statement.makeCompilerSqlite(),
    driver: "played",
    spanAttributes: []
  })
  return {
    said,
    client: Layer.provide(Layer.effect(SqlClient.SqlClient, client), Reactivity.layer)
  }
}

describe("Transaction", () => {
  it.effect("commits what went well", () =>
    Effect.gen(function*() {
      const { client, said } = played(Effect.succeed({ command: "COMMIT" }))
      const transaction = yield* Effect.provide(makeTransaction, client)
      yield* transaction((query) => query("SELECT 1"))

      assert.deepStrictEqual(said, ["BEGIN", "SELECT", "COMMIT"])
    }))

  it.effect("rolls back what failed, and passes the failure on", () =>
    Effect.gen(function*() {
      const { client, said } = played(Effect.void)
      const transaction = yield* Effect.provide(makeTransaction, client)
      const error = yield* Effect.flip(transaction((query) => query("FAIL now")))

      assert.strictEqual(error._tag, "SqlError")
      assert.deepStrictEqual(said, ["BEGIN", "FAIL", "ROLLBACK"])
    }))

  it.effect("does not know what became of a commit that fails, or is answered with a rollback", () =>
    Effect.gen(function*() {
      for (
        const answer of [Effect.fail(connectionError()), Effect.succeed({ command: "ROLLBACK" })]
      ) {
        const { client, said } = played(answer)
        const transaction = yield* Effect.provide(makeTransaction, client)
        const error = yield* Effect.flip(transaction(() => Effect.void))

        assert.strictEqual(error._tag, "StoreFailed")
        assert.deepStrictEqual(said, ["BEGIN", "COMMIT", "ROLLBACK"])
      }
    }))
})
