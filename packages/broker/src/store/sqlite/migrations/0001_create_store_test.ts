import { Migrations, SqliteClient } from "@claudemesh/sqlite"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { migrations } from "./mod.ts"

describe("migrations", () => {
  it.effect("run once", () =>
    Effect.gen(function*() {
      assert.lengthOf(yield* Migrations.migrate(migrations), Object.keys(migrations).length)
      assert.lengthOf(yield* Migrations.migrate(migrations), 0)
    }).pipe(Effect.provide(SqliteClient.layer({ filename: ":memory:" }))))
})
