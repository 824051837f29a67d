import { Migrations, SqliteClient } from "@claudemesh/sqlite"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { migrationsBefore } from "../testing/migrated_database.ts"
import { migrations } from "./mod.ts"

/** The migrations before this one. */
/** The positions at which the words are found, sent and received. */
const found = Effect.fnUntraced(function*(words: string) {
  const sql = yield* SqlClient.SqlClient
  const rows = yield* sql`
    SELECT 'in' || rowid AS at FROM inbox_search WHERE inbox_search MATCH ${words}
    UNION ALL SELECT 'out' || rowid FROM outbox_search WHERE outbox_search MATCH ${words}`
  return rows.map(({ at }) => at)
})

/** A row of each table, and a receipt, whose content is nobody's words. */
const rowsWith = Effect.fnUntraced(function*(id: string, text: string) {
  const sql = yield* SqlClient.SqlClient
  const meta = `{"priority":"next","subject":"Grüße aus ${id}"}`
  yield* sql`INSERT INTO inbox (mesh, sender, id, commitment, meta, text, sent_at, received_at)
    VALUES ('m', 's', ${id}, 'c', ${meta}, ${text}, 1, 1)`
  const content = new TextEncoder().encode(text)
  for (const kind of ["dm", "receipt"]) {
    yield* sql`INSERT INTO outbox
      (mesh, id, class, addressed, meta, content, salt, commitment, accepted_at, ttl, state)
      VALUES ('m', ${
      kind + id
    }, ${kind}, 'a', ${meta}, ${content}, ${content}, 'c', 1, 1, 'pending')`
  }
})

describe("indexWords", () => {
  it.effect("indexes what was there before, and what comes after", () =>
    Effect.gen(function*() {
      yield* Migrations.migrate(migrationsBefore(11))
      yield* rowsWith("one", "the disk is full")
      yield* Migrations.migrate(migrations)
      yield* rowsWith("two", "the disk is new")

      assert.deepStrictEqual(yield* found("disk"), ["in1", "in2", "out1", "out3"])
      assert.deepStrictEqual(yield* found("gruße AND one"), ["in1", "out1"])
    }).pipe(Effect.provide(SqliteClient.layer({ filename: ":memory:" }))))

  it.effect("forgets the words with the message, out of the index's own tables too", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* Migrations.migrate(migrations)
      yield* rowsWith("one", "a zebra")
      yield* rowsWith("two", "a lion")

      yield* sql`DELETE FROM inbox WHERE text = 'a zebra'`
      yield* sql`DELETE FROM outbox WHERE position < 3`

      assert.deepStrictEqual(yield* found("zebra"), [])
      assert.deepStrictEqual(yield* found("lion"), ["in2", "out3"])
      for (const index of ["inbox_search", "outbox_search"]) {
        const [kept] = yield* sql.unsafe<{ readonly blocks: number }>(
          `SELECT count(*) AS blocks FROM ${index}_data WHERE instr(block, CAST('zebra' AS BLOB)) > 0`
        )
        assert.strictEqual(kept?.blocks, 0)
        yield* sql.unsafe(`INSERT INTO ${index} (${index}, rank) VALUES ('integrity-check', 1)`)
      }
    }).pipe(Effect.provide(SqliteClient.layer({ filename: ":memory:" }))))
})
