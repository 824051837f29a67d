import { layerSeededRandom, MADE_AT, makeMesh, memberOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { worldOf } from "./testing/mesh_world.ts"

const mesh = makeMesh("briefing", ["ada", "bob"])
const world = worldOf(mesh, { at: MADE_AT, random: layerSeededRandom("briefing") })

describe("briefing", () => {
  it.effect("comes in one order: attached, statements, presence", () =>
    Effect.gen(function*() {
      const { inbox } = yield* world.attach("ada", { statements: 0 })
      yield* inbox.next("presence")
      const types = inbox.frames.map(({ type }) => type)
      assert.deepStrictEqual(types, ["challenge", "attached", "statements", "presence"])
    }).pipe(Effect.provide(world.layer)))

  it.effect("sends no statements to a device that has them all, or claims more than there are", () =>
    Effect.gen(function*() {
      const { inbox } = yield* world.attach("ada", { statements: 1_000 })
      yield* inbox.next("presence")
      assert.strictEqual(inbox.count("statements"), 0)
    }).pipe(Effect.provide(world.layer)))

  it.effect("names every device of the mesh", () =>
    Effect.gen(function*() {
      const { inbox } = yield* world.attach("ada")
      const { items } = yield* inbox.next("presence")
      const devices = ["ada", "bob"].map((name) => memberOf(mesh, name).device)
      assert.sameMembers(items.map(({ device }) => device), devices)
    }).pipe(Effect.provide(world.layer)))
})
