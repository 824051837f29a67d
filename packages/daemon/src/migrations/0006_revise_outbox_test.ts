import { Migrations, SqliteClient } from "@claudemesh/sqlite"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { layerMigratedDatabase, migrationsBefore } from "../testing/migrated_database.ts"
import { migrations } from "./mod.ts"

/** A message of that state, and its recipients with theirs, as they stood before. */
const insert = Effect.fnUntraced(
  function*(id: string, state: string, recipients: ReadonlyArray<string>) {
    const sql = yield* SqlClient.SqlClient
    yield* sql`INSERT INTO outbox ${
      sql.insert({
        mesh: "m",
        id,
        class: "dm",
        addressed: "bob",
        meta: "{}",
        content: new Uint8Array(3),
        salt: new Uint8Array(1),
        commitment: "A",
        acceptedAt: 1,
        ttl: 1,
        state
      })
    }`
    for (const [device, recipient] of recipients.entries()) {
      const sseq = recipient === "queued" ? null : 1
      yield* sql`INSERT INTO outbox_recipients ${
        sql.insert({ mesh: "m", id, device: `${device}`, state: recipient, sseq })
      }`
    }
  }
)

describe("reviseOutbox", () => {
  it.effect("tells what has arrived from what was refused, and what may have left from what has not", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* Migrations.migrate(migrationsBefore(6))
      yield* insert("arrived", "settled", ["inboxed", "rejected"])
      yield* insert("refused", "settled", ["rejected"])
      yield* insert("sent", "pending", ["admitted"])
      yield* insert("waiting", "pending", ["queued"])

      yield* Migrations.migrate(migrations)

      assert.deepStrictEqual(
        yield* sql`SELECT id, state, unanswered FROM outbox ORDER BY position`.values,
        [
          ["arrived", "delivered", 1],
          ["refused", "dead", 1],
          ["sent", "pending", 1],
          ["waiting", "pending", 0]
        ]
      )
      assert.deepStrictEqual(yield* sql`SELECT * FROM outbox_load`.values, [[2, 10]])
    }).pipe(Effect.provide(SqliteClient.layer({ filename: ":memory:" }))))

  it.effect.each([
    {
      index: "outbox_recipients_open",
      query: `SELECT sseq FROM outbox_recipients INDEXED BY outbox_recipients_open
        WHERE mesh = 'm' AND device = 'd' AND sseq < 7
        AND state IN ('queued', 'admitted') ORDER BY sseq DESC LIMIT 1`
    },
    {
      index: "outbox_recipients_stream",
      query: `SELECT sseq FROM outbox_recipients WHERE mesh = 'm' AND device = 'd' AND sseq < 7
        AND state NOT IN ('rejected', 'expired', 'aborted') ORDER BY sseq DESC LIMIT 1`
    },
    {
      index: "outbox_failed",
      query: `SELECT count(*) FROM outbox WHERE class = 'dm' AND state IN ('dead', 'expired')`
    }
  ])("answers by $index: $query", ({ index, query }) =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient

      const [step] = yield* sql.unsafe<{ readonly detail: string }>(`EXPLAIN QUERY PLAN ${query}`)

      assert.include(step?.detail, index)
    }).pipe(Effect.provide(layerMigratedDatabase())))
})
