import { refused } from "@claudemesh/protocol"
import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect, Exit } from "effect"
import { SqlClient } from "effect/sql"
import { failingWhenFull, isDiskFull, refusedWhenFull } from "./disk_full.ts"
import { layerMigratedDatabase } from "./testing/migrated_database.ts"

/** A write that no page is left for. */
const write = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  yield* sql`PRAGMA max_page_count = 1`
  yield* sql`INSERT INTO settings VALUES ('a', ${"x".repeat(1_000_000)})`
})

const wrong = SqlClient.SqlClient.use((sql) => sql`SELECT * FROM nothing`)

describe("refusedWhenFull", () => {
  it.effect("refuses with what could not be done, whether it failed or died of it", () =>
    Effect.gen(function*() {
      for (const writing of [write, Effect.orDie(write)]) {
        const refusal = yield* Effect.flip(refusedWhenFull("keep it", writing))

        assert.deepInclude(refusal, {
          code: "disk_full",
          message: "Cannot keep it: the disk is full"
        })
      }
    }).pipe(Effect.provide(layerMigratedDatabase())))

  it.effect("dies of any other failure of the database, and keeps refusals", () =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(refusedWhenFull("keep it", wrong))
      const no = refused("quota", "No")

      assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
      assert.strictEqual(yield* Effect.flip(refusedWhenFull("keep it", Effect.fail(no))), no)
    }).pipe(Effect.provide(layerMigratedDatabase())))
})

describe("failingWhenFull", () => {
  it.effect("fails where it would die of a full disk, and of nothing else", () =>
    Effect.gen(function*() {
      const full = yield* Effect.flip(failingWhenFull(Effect.orDie(write)))
      const other = yield* Effect.exit(failingWhenFull(Effect.orDie(wrong)))

      assert.strictEqual(full._tag, "DiskFull")
      assert.isTrue(Exit.isFailure(other) && Cause.hasDies(other.cause))
    }).pipe(Effect.provide(layerMigratedDatabase())))
})

describe("isDiskFull", () => {
  it.effect("knows a full disk, and nothing else", () =>
    Effect.gen(function*() {
      assert.isTrue(isDiskFull(yield* Effect.flip(write)))
      assert.isFalse(isDiskFull(yield* Effect.flip(wrong)))
      assert.isFalse(isDiskFull(new Error("database or disk is full")))
    }).pipe(Effect.provide(layerMigratedDatabase())))
})
