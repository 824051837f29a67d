import { SqliteClient } from "@claudemesh/sqlite"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { makeRead, makeTransact } from "./transact.ts"

describe("makeTransact", () => {
  it.effect("commits all of a body, or nothing", () =>
    Effect.gen(function*() {
      const transact = yield* makeTransact
      yield* transact((prepare) => prepare("CREATE TABLE numbers (n INTEGER UNIQUE)").run())
      const failed = yield* Effect.flip(transact((prepare) => {
        prepare("INSERT INTO numbers VALUES (1)").run()
        prepare("INSERT INTO numbers VALUES (1)").run()
      }))
      const read = yield* makeRead
      const rows = yield* read((prepare) => prepare("SELECT n FROM numbers").all())

      assert.strictEqual(failed._tag, "StoreFailed")
      assert.strictEqual(failed.fault, "unknown")
      assert.lengthOf(rows, 0)
    }).pipe(
      Effect.provide(SqliteClient.layer({ filename: ":memory:" }))
    ))
})
