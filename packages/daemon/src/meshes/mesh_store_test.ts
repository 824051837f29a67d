import { makeMesh } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit } from "effect"
import { SqlClient } from "effect/sql"
import { layerMigratedDatabase } from "../testing/migrated_database.ts"
import { makeMeshStore } from "./mesh_store.ts"

const made = makeMesh("store", ["ada", "bob"])
const mesh = made.membership.mesh

describe("makeMeshStore", () => {
  it.effect("keeps the first name of a mesh, and reads the log back in its order", () =>
    Effect.gen(function*() {
      const { add, append, rows, statements } = yield* makeMeshStore
      yield* add(mesh, "home", 1)
      yield* add(mesh, "other", 2)

      yield* append(mesh, made.statements)

      assert.deepStrictEqual(yield* rows, [{ mesh, name: "home", storeEpoch: null, upto: 0 }])
      assert.deepStrictEqual(yield* statements(mesh), made.statements)
      assert.deepStrictEqual(yield* statements(mesh, 2), made.statements.slice(2))
    }).pipe(Effect.provide(layerMigratedDatabase())))

  it.effect("reads on in the same store, and begins anew in another", () =>
    Effect.gen(function*() {
      const { add, commitRead, rows, setStore } = yield* makeMeshStore
      const upto = Effect.map(rows, ([row]) => row?.upto)
      yield* add(mesh, "home", 1)
      yield* setStore(mesh, "store-1", 0)
      yield* commitRead(mesh, 7, Effect.void)

      yield* setStore(mesh, "store-1", 0)
      assert.strictEqual(yield* upto, 7)
      yield* setStore(mesh, "store-2", 0)
      assert.strictEqual(yield* upto, 0)
    }).pipe(Effect.provide(layerMigratedDatabase())))

  it.effect("takes the broker's floor over only where it is above all we have sent", () =>
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const { add, setStore } = yield* makeMeshStore
      yield* add(mesh, "home", 1)
      yield* sql`INSERT INTO outgoing_streams ${
        sql.insert({ mesh, device: "d", class: "dm", sseq: 9 })
      }`
      const floor = Effect.map(sql`SELECT sseq_floor FROM meshes`, ([row]) => row?.["sseqFloor"])

      yield* setStore(mesh, "store-1", 9)
      assert.strictEqual(yield* floor, 0)
      yield* setStore(mesh, "store-1", 10)
      assert.strictEqual(yield* floor, 10)
      yield* setStore(mesh, "store-1", 3)
      assert.strictEqual(yield* floor, 10)
    }).pipe(Effect.provide(layerMigratedDatabase())))

  it.effect("moves the cursor only with what was read", () =>
    Effect.gen(function*() {
      const { add, commitRead, rows } = yield* makeMeshStore
      yield* add(mesh, "home", 1)

      const exit = yield* Effect.exit(commitRead(mesh, 7, Effect.fail("it broke")))

      assert.deepStrictEqual(exit, Exit.fail("it broke"))
      assert.strictEqual((yield* rows)[0]?.upto, 0)
    }).pipe(Effect.provide(layerMigratedDatabase())))

  it.effect("removes a mesh with its log", () =>
    Effect.gen(function*() {
      const { add, append, remove, rows, statements } = yield* makeMeshStore
      yield* add(mesh, "home", 1)
      yield* append(mesh, made.statements)

      yield* remove(mesh, Effect.void)

      assert.deepStrictEqual([yield* rows, yield* statements(mesh)], [[], []])
    }).pipe(Effect.provide(layerMigratedDatabase())))
})
