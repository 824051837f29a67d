import { MADE_AT, makeMesh, memberOf, messageIdOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { SqlClient } from "effect/sql"
import { layerMigratedDatabase } from "../testing/migrated_database.ts"
import { makeInboxPages } from "./inbox_pages.ts"

const made = makeMesh("inbox-pages", ["ada", "bob"])
const mesh = made.membership.mesh
const sender = memberOf(made, "ada").device
const key = { mesh, sender, id: messageIdOf(1) }

/** A message from ada. */
const arrived = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  yield* sql`INSERT INTO inbox ${
    sql.insert({
      ...key,
      commitment: "A",
      meta: "{\"priority\":\"next\"}",
      text: "hello",
      sentAt: MADE_AT,
      receivedAt: MADE_AT
    })
  }`
})

describe("makeInboxPages", () => {
  it.effect("keeps the time at which a message was read first", () =>
    Effect.gen(function*() {
      const { list, read, readAll } = yield* makeInboxPages
      yield* arrived
      yield* TestClock.setTime(5)
      yield* read([key])
      yield* TestClock.setTime(6)

      assert.deepStrictEqual([yield* read([key]), yield* readAll({ mesh })], [0, 0])
      const [row] = yield* list({ mesh, unread: false, limit: 1 })
      assert.strictEqual(row?.readAt, 5)
    }).pipe(Effect.provide(layerMigratedDatabase())))

  it.effect("finds named messages by their index, however many there are", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const plan = yield* sql.unsafe<{ readonly detail: string }>(
        `EXPLAIN QUERY PLAN SELECT inbox.position FROM json_each('[]') AS named CROSS JOIN inbox
        WHERE inbox.mesh = named.value->>'mesh' AND inbox.sender = named.value->>'sender'
          AND inbox.id = named.value->>'id'`
      )

      assert.match(
        plan.at(-1)?.detail ?? "",
        /SEARCH inbox USING .*\(mesh=\? AND sender=\? AND id=\?\)/
      )
    }).pipe(Effect.provide(layerMigratedDatabase())))
})
