import { SqliteClient } from "@claudemesh/sqlite"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { sessionsFromBefore } from "../testing/migrated_sessions.ts"

describe("limitSessions", () => {
  it.effect("leaves the sessions that run, and those that have ended, without a limit", () =>
    Effect.gen(function*() {
      const rows = yield* sessionsFromBefore(15)

      assert.deepStrictEqual(rows.map(({ endedAt }) => endedAt), [null, 5])
      for (const row of rows) {
        assert.deepInclude(row, { name: "api", mode: "inbox", caps: null })
      }
    }).pipe(Effect.provide(SqliteClient.layer({ filename: ":memory:" }))))
})
