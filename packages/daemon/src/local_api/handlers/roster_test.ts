import { makeMesh } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { layerMadeLocalApi, madeClient } from "../../testing/made_local_api.ts"

const made = makeMesh("roster_handlers", ["ada", "bob"])
const daemon = layerMadeLocalApi(made, "ada")

describe("roster", () => {
  it.effect("lists whom one can send to", () =>
    Effect.gen(function*() {
      const { roster } = yield* madeClient

      const { items, mesh_name } = yield* roster.peers({ query: {} })

      assert.strictEqual(mesh_name, "home")
      assert.deepStrictEqual(items.map(({ name, self }) => [name, self]), [["ada", true], [
        "bob",
        false
      ]])
    }).pipe(Effect.provide(daemon)))
})
