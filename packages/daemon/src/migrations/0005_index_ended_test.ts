import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { layerMigratedDatabase } from "../testing/migrated_database.ts"

describe("indexEnded", () => {
  it.effect.each([
    {
      index: "outbox_ended",
      query: `SELECT mesh, id FROM outbox
        WHERE mesh = 'm' AND state IN ('delivered', 'dead', 'expired', 'aborted') AND accepted_at < 7
        ORDER BY accepted_at LIMIT 5`
    },
    {
      index: "inbox_read",
      query: "SELECT position FROM inbox WHERE mesh = 'm' AND read_at < 7 LIMIT 5"
    }
  ])("answers by $index: $query", ({ index, query }) =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient

      const [step] = yield* sql.unsafe<{ readonly detail: string }>(`EXPLAIN QUERY PLAN ${query}`)

      assert.include(step?.detail, index)
    }).pipe(Effect.provide(layerMigratedDatabase())))
})
