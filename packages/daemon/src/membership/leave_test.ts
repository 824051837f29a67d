import { liveMembers, type Refused, refused } from "@claudemesh/protocol"
import { layerSeededRandom, makeMesh, memberOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, HashMap, Layer, Option, Ref, Stream, SubscriptionRef } from "effect"
import { SqlClient } from "effect/sql"
import { Meshes } from "../meshes/meshes.ts"
import { accepted } from "../testing/accepted.ts"
import { layerLocalAppend } from "../testing/local_append.ts"
import { layerMadeDaemon, theMesh } from "../testing/made_daemon.ts"
import { Invites } from "./invites.ts"
import { Leave } from "./leave.ts"

const made = makeMesh("leave", ["ada", "bob"])
const mesh = made.membership.mesh
const refusal = Ref.makeUnsafe<Refused | undefined>(undefined)
const daemon = Leave.layer.pipe(
  Layer.provideMerge(Invites.layer),
  Layer.provide(layerLocalAppend(refusal)),
  Layer.provideMerge(layerMadeDaemon(made, "bob")),
  Layer.provide(layerSeededRandom("leave"))
)

const leave = Effect.fnUntraced(function*(force: boolean) {
  const { leave } = yield* Leave
  return yield* leave(yield* theMesh, force)
})

/** What is left of the mesh in the database. */
const rowsLeft = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const tables = yield* sql<{ readonly name: string }>`
    SELECT m.name FROM sqlite_schema m, pragma_table_info(m.name) c
    WHERE m.type = 'table' AND c.name = 'mesh'`
  const counts = yield* Effect.forEach(
    tables,
    ({ name }) =>
      Effect.map(sql`SELECT * FROM ${sql(name)}`, ({ length }) => length > 0 ? [name] : [])
  )
  return counts.flat()
})

describe("Leave.leave", () => {
  it.effect("tells the others, and forgets everything of the mesh", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* accepted({ to: [memberOf(made, "ada").device] })
      yield* sql`INSERT INTO invite_secrets ${
        sql.insert({ invite: "i", mesh, secret: new Uint8Array(16) })
      }`
      assert.isAbove((yield* rowsLeft).length, 3)

      assert.isTrue(yield* leave(false))

      assert.lengthOf(yield* Meshes.use(({ all }) => all), 0)
      assert.deepStrictEqual(yield* rowsLeft, [])
    }).pipe(Effect.provide(daemon)))

  it.effect("forgets all of it or nothing", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      yield* accepted({ to: [memberOf(made, "ada").device] })
      const before = yield* rowsLeft
      yield* sql`CREATE TRIGGER full BEFORE DELETE ON statements
        BEGIN SELECT raise(ABORT, 'the disk is full'); END`

      assert.isTrue(Exit.hasDies(yield* Effect.exit(leave(false))))

      assert.deepStrictEqual(yield* rowsLeft, before)
      assert.lengthOf(yield* Meshes.use(({ all }) => all), 1)
    }).pipe(Effect.provide(daemon)))

  it.effect("appends that we are no member any more", () =>
    Effect.gen(function*() {
      const { state } = yield* Meshes
      const told = yield* Effect.forkChild(
        SubscriptionRef.changes(state).pipe(
          Stream.map((all) => Option.getOrUndefined(HashMap.get(all, mesh))?.membership),
          Stream.takeUntil((membership) => membership === undefined),
          Stream.filter((membership) => membership !== undefined),
          Stream.map((membership) => liveMembers(membership).map(({ name }) => name)),
          Stream.runCollect
        )
      )
      yield* Effect.yieldNow

      yield* leave(false)

      assert.deepStrictEqual((yield* Fiber.join(told)).at(-1), ["ada"])
    }).pipe(Effect.provide(daemon)))

  it.effect("keeps the mesh where nobody can be told, and forgets it by force", () =>
    Effect.gen(function*() {
      yield* Ref.set(refusal, refused("broker_unreachable", "Nobody answers"))

      const kept = yield* Effect.flip(leave(false))
      assert.strictEqual(kept.code, "broker_unreachable")
      assert.lengthOf(yield* Meshes.use(({ all }) => all), 1)

      assert.isFalse(yield* leave(true))
      assert.deepStrictEqual(yield* rowsLeft, [])
      yield* Ref.set(refusal, undefined)
    }).pipe(Effect.provide(daemon)))
})
