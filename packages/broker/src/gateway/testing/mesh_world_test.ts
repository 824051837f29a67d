import { layerSeededRandom, MADE_AT, makeMesh } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { worldOf } from "./mesh_world.ts"

const mesh = makeMesh("world", ["ada"])
const world = worldOf(mesh, { at: MADE_AT, random: layerSeededRandom("world") })

describe("worldOf", () => {
  it.effect("attaches a member by name", () =>
    Effect.gen(function*() {
      const { attached } = yield* world.attach("ada")
      assert.strictEqual(attached.mesh, mesh.membership.mesh)
    }).pipe(Effect.provide(world.layer)))

  it("knows nobody else", () => {
    assert.throws(() => world.identityOf("eve"), /no member "eve"/)
  })
})
