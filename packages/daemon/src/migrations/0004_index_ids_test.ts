import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { layerMigratedDatabase } from "../testing/migrated_database.ts"

describe("indexIds", () => {
  it.effect.each([
    {
      index: "outbox_ids",
      query: "SELECT mesh, id FROM outbox WHERE class = 'dm' AND id >= 'a' AND id < 'a~' LIMIT 5"
    },
    { index: "inbox_ids", query: "SELECT * FROM inbox WHERE id >= 'a' AND id < 'a~' LIMIT 5" },
    {
      index: "inbox_ids",
      query: "UPDATE inbox SET read_at = 1 WHERE read_at IS NULL AND id IN ('a', 'b')"
    }
  ])("answers by $index: $query", ({ index, query }) =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient

      const [step] = yield* sql.unsafe<{ readonly detail: string }>(`EXPLAIN QUERY PLAN ${query}`)

      assert.include(step?.detail, index)
    }).pipe(Effect.provide(layerMigratedDatabase())))
})
