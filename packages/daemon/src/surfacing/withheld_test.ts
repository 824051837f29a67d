import { makeMesh, memberOf, messageIdOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { arrived } from "../testing/arrived.ts"
import { layerMigratedDatabase } from "../testing/migrated_database.ts"
import { sessionIdOf } from "../testing/made_sessions.ts"
import { SurfacingState } from "./surfacing_rows.ts"
import { isWithheld, readableBy } from "./withheld.ts"

const made = makeMesh("withheld", ["ada", "bob"])
const key = { mesh: made.membership.mesh, sender: memberOf(made, "bob").device }

/** The states of the messages that are read, where there is one of each and one that is nobody's. */
const readFor = Effect.fnUntraced(function*(forAgent: number) {
  const sql = yield* SqlClient.SqlClient
  return (yield* sql`SELECT coalesce(state, 'nobody''s')
    FROM inbox LEFT JOIN surfacings USING (position)
    WHERE ${readableBy(sql, forAgent)} ORDER BY position`.values).flat()
})

const oneOfEach = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  yield* arrived({ ...key, id: messageIdOf(0) })
  for (const [at, state] of SurfacingState.literals.entries()) {
    yield* arrived({ ...key, id: messageIdOf(at + 1) })
    const position = sql`(SELECT max(position) FROM inbox)`
    yield* sql`INSERT INTO surfacings (position, session, state, changed_at)
      VALUES (${position}, ${sessionIdOf(1)}, ${state}, 0)`
  }
})

describe("readableBy", () => {
  it.effect("keeps from an agent what waits for a human or was dropped, and nothing from the user", () =>
    Effect.gen(function*() {
      yield* oneOfEach
      const all = ["nobody's", ...SurfacingState.literals]

      assert.deepStrictEqual(yield* readFor(0), all)
      assert.deepStrictEqual(
        yield* readFor(1),
        all.filter((state) => state !== "held" && state !== "dropped")
      )
    }).pipe(Effect.provide(layerMigratedDatabase())))
})

describe("isWithheld", () => {
  it("is of what waits for a human, and of what one has dropped", () => {
    assert.deepStrictEqual(SurfacingState.literals.filter(isWithheld), ["held", "dropped"])
    assert.isFalse(isWithheld(undefined))
  })
})
