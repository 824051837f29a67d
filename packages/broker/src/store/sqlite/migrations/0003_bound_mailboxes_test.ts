import { Migrations, SqliteClient } from "@claudemesh/sqlite"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { createStore } from "./0001_create_store.ts"
import { migrations } from "./mod.ts"

const BEFORE = [
  "INSERT INTO meshes (mesh, head, head_hash) VALUES ('m', 1, 'h'), ('n', 1, 'h')",
  "INSERT INTO devices (num, mesh, device, live) VALUES (1, 'm', 'a', 1), (2, 'm', 'b', 1)",
  "INSERT INTO bodies (body, envelope, expires_at) VALUES (1, 'four', 9), (2, 'seven..', 9)",
  "INSERT INTO entries (num, seq, body) VALUES (1, 1, 1), (2, 1, 1), (2, 2, 2)"
]

describe("boundMailboxes", () => {
  it.effect("takes what lay in a store before for unread, and for nobody's", () =>
    Effect.gen(function*() {
      const sql = (yield* SqlClient.SqlClient).withoutTransforms()
      yield* Migrations.migrate({ "1_create_store": createStore })
      for (const statement of BEFORE) yield* sql.unsafe(statement)
      yield* Migrations.migrate(migrations)

      const devices =
        yield* sql`SELECT unread_entries, unread_bytes, sent_bytes, acked FROM devices`
      assert.deepEqual(devices, [
        { unread_entries: 1, unread_bytes: 4, sent_bytes: 0, acked: 0 },
        { unread_entries: 2, unread_bytes: 11, sent_bytes: 0, acked: 0 }
      ])
      const meshes = yield* sql`SELECT unread_bytes FROM meshes ORDER BY mesh`
      assert.deepEqual(meshes, [{ unread_bytes: 15 }, { unread_bytes: 0 }])
    }).pipe(Effect.provide(SqliteClient.layer({ filename: ":memory:" }))))
})
