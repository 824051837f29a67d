import { makeMesh } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { layerMadeLocalApi, madeClient } from "../../testing/made_local_api.ts"

const made = makeMesh("meshes_handlers", ["ada", "bob"])
const mesh = made.membership.mesh
const daemon = layerMadeLocalApi(made, "ada")

describe("meshes", () => {
  it.effect("are listed, shown and chosen by name", () =>
    Effect.gen(function*() {
      const { meshes } = yield* madeClient

      const { items } = yield* meshes.list()
      const shown = yield* meshes.show({ query: { mesh: "home" } })
      const used = yield* meshes.use({ payload: { mesh: mesh.slice(0, 10) } })

      assert.deepStrictEqual(items.map(({ name }) => name), ["home"])
      assert.deepStrictEqual(shown.roster.map(({ member }) => member), ["ada", "bob"])
      assert.strictEqual(used.mesh, mesh)
      const refusal = yield* Effect.flip(meshes.show({ query: { mesh: "work" } }))
      assert.deepInclude(refusal, { code: "mesh_not_found", candidates: ["home"] })
    }).pipe(Effect.provide(daemon)))

  it.effect("are there once joined, although the connection is not yet", () =>
    Effect.gen(function*() {
      const { meshes } = yield* madeClient

      const joined = yield* meshes.join({ payload: { link: "http://x" } })

      assert.deepInclude(joined, { mesh, member: "ada" })
    }).pipe(Effect.provide(daemon)))

  it.effect("are left", () =>
    Effect.gen(function*() {
      const { meshes } = yield* madeClient

      const left = yield* meshes.leave({ payload: { mesh: "home" } })

      assert.deepStrictEqual(left, { mesh, name: "home", announced: true })
    }).pipe(Effect.provide(daemon)))
})
