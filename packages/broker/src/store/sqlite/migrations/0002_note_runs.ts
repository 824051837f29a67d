/**
 * Notes the runs of the store: which was the last, whether it ended well, and what its clock showed.
 *
 * @module
 */
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

const columns = [
  "run TEXT", // random, for each run
  "boot TEXT", // of the host, where it has a name for that
  "stopped INTEGER NOT NULL DEFAULT 0",
  "clock INTEGER", // what the store's clock showed last
  "clock_wall INTEGER" // and the wall clock with it
]

export const noteRuns = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  for (const column of columns) yield* sql.unsafe(`ALTER TABLE store ADD COLUMN ${column}`)
})
