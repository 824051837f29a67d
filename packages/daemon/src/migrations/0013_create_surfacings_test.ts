import { Migrations, SqliteClient } from "@claudemesh/sqlite"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { makeSessionRows } from "../sessions/session_rows.ts"
import { sessionIdOf } from "../testing/made_sessions.ts"
import { layerMigratedDatabase, migrationsBefore } from "../testing/migrated_database.ts"
import { migrations } from "./mod.ts"

describe("createSurfacings", () => {
  it.effect("lets the sessions live that run, and knows them by their tokens", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* Migrations.migrate(migrationsBefore(13))
      yield* sql`INSERT INTO sessions ${
        sql.insert({
          id: sessionIdOf(1),
          name: "api",
          cwd: "/src/api",
          pid: 7,
          processMark: "first",
          startedAt: 1,
          tokenHash: "hash"
        })
      }`

      yield* Migrations.migrate(migrations)

      const { findByToken, live } = yield* makeSessionRows
      const [row, ...others] = yield* live
      assert.deepInclude(row, {
        id: sessionIdOf(1),
        name: "api",
        mesh: null,
        mode: "push",
        unprompted: false,
        carrier: null,
        status: "idle",
        activeAt: 0,
        humanAt: 0,
        endedAt: null
      })
      assert.lengthOf(others, 0)
      assert.isTrue((yield* findByToken("hash"))._tag === "Some")
    }).pipe(Effect.provide(SqliteClient.layer({ filename: ":memory:" }))))

  it.effect.each([
    {
      index: "sessions_live",
      query: `SELECT * FROM sessions WHERE mesh = 'm' AND ended_at IS NULL AND mode = 'push'
        ORDER BY active_at DESC, id LIMIT 1`
    },
    {
      index: "surfacings_open",
      query:
        `SELECT inbox.* FROM surfacings s INDEXED BY surfacings_open JOIN inbox USING (position)
        WHERE s.session = 'a' AND s.state IN ('waiting', 'posted')
          AND mesh = (SELECT mesh FROM sessions WHERE id = 'a') ORDER BY s.position`
    },
    {
      index: "surfacings_held",
      query: `SELECT inbox.* FROM surfacings s JOIN inbox USING (position)
        WHERE s.state = 'held' AND ('m' IS NULL OR mesh = 'm') ORDER BY s.position`
    },
    {
      index: "surfacings_latest",
      query: `SELECT received_at FROM surfacings JOIN inbox USING (position)
        WHERE surfacings.session = 'a' AND mesh = 'm' AND sender = 'd'
        ORDER BY position DESC LIMIT 1 OFFSET 9`
    },
    {
      index: "outbox_recipients_stream",
      query: `SELECT accepted_at FROM outbox_recipients JOIN outbox USING (mesh, id)
        WHERE mesh = 'm' AND device = 'd' AND class = 'dm' AND sseq IS NOT NULL
        ORDER BY sseq DESC LIMIT 1 OFFSET 9`
    },
    {
      index: "outbox_recipients_stream",
      query: `SELECT 1 FROM outbox_recipients JOIN outbox USING (mesh, id)
        WHERE mesh = 'm' AND device = 'd' AND class = 'dm' LIMIT 1`
    },
    {
      index: "inbox_unread",
      query: `SELECT * FROM inbox WHERE mesh = 'm' AND read_at IS NULL AND session IS NULL
        AND received_at >= 1
        AND NOT EXISTS (SELECT 1 FROM surfacings s WHERE s.position = inbox.position)
        ORDER BY position`
    }
  ])("answers by $index: $query", ({ index, query }) =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient

      const steps = yield* sql.unsafe<{ readonly detail: string }>(`EXPLAIN QUERY PLAN ${query}`)

      const [first, ...others] = steps.map(({ detail }) => detail)
      assert.include(first, index)
      assert.deepStrictEqual(others.filter((step) => step.startsWith("SCAN")), [])
    }).pipe(Effect.provide(layerMigratedDatabase())))
})
