import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync } from "node:fs"
import { withoutPostgres } from "./postgres_binaries.ts"
import { TemporaryPostgres } from "./temporary_postgres.ts"

describe.skipIf(withoutPostgres())("TemporaryPostgres", () => {
  it.live("syncs what it commits, and holds it over a crash and over a stop", () =>
    Effect.gen(function*() {
      const { execute, makeDatabase, restart } = yield* TemporaryPostgres
      const url = yield* makeDatabase
      yield* execute(url, "CREATE TABLE numbers (n integer)")
      yield* execute(url, "INSERT INTO numbers VALUES (1)")
      yield* restart("immediate")
      yield* execute(url, "INSERT INTO numbers VALUES (2)")
      yield* restart("fast")

      assert.strictEqual(yield* execute(url, "SELECT sum(n) FROM numbers"), "3")
      assert.strictEqual(yield* execute(url, "SHOW fsync"), "on")
    }).pipe(Effect.provide(TemporaryPostgres.layer())))

  it.live("makes databases that know nothing of each other", () =>
    Effect.gen(function*() {
      const { execute, makeDatabase } = yield* TemporaryPostgres
      yield* execute(yield* makeDatabase, "CREATE TABLE numbers (n integer)")
      const exists = "SELECT to_regclass('numbers') IS NOT NULL"

      assert.strictEqual(yield* execute(yield* makeDatabase, exists), "f")
    }).pipe(Effect.provide(TemporaryPostgres.layer())))

  it.live("leaves neither process nor file, though it was frozen", () =>
    Effect.gen(function*() {
      const directory = yield* Effect.gen(function*() {
        const { dataDirectory, freeze } = yield* TemporaryPostgres
        yield* freeze(true)
        return dataDirectory
      }).pipe(Effect.provide(TemporaryPostgres.layer()))

      assert.isFalse(existsSync(directory))
    }))
})
