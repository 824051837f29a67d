import { Migrations, SqliteClient } from "@claudemesh/sqlite"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { createStore } from "./0001_create_store.ts"
import { migrations } from "./mod.ts"

describe("noteRuns", () => {
  it.effect("knows nothing of the runs of a store that was there before", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* Migrations.migrate({ "1_create_store": createStore })
      yield* sql`INSERT INTO store (one, epoch, born_at) VALUES (1, 'before', 7)`
      yield* Migrations.migrate(migrations)
      const [row] = yield* sql`SELECT epoch, born_at, run, boot, clock FROM store`
      assert.deepEqual(row, { epoch: "before", bornAt: 7, run: null, boot: null, clock: null })
    }).pipe(Effect.provide(SqliteClient.layer({ filename: ":memory:" }))))
})
