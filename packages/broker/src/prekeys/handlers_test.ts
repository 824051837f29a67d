import { layerSeededRandom, MADE_AT, makeMesh, memberOf, prekeyOf } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { worldOf } from "../gateway/testing/mesh_world.ts"
import { say } from "../gateway/testing/test_device.ts"

const mesh = makeMesh("prekeys", ["ada", "bob"])
const world = worldOf(mesh, { at: MADE_AT, random: layerSeededRandom("prekeys") })
const devices = ["ada", "bob"].map((name) => memberOf(mesh, name).device)

describe("prekeys", () => {
  it.effect("gives others the prekey that a device put", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      const bob = yield* world.attach("bob")
      yield* say(bob, { type: "put_prekey", ref: 1, prekey: prekeyOf(mesh, "bob") })
      yield* bob.inbox.next("prekey_stored")
      yield* say(ada, { type: "get_prekeys", ref: 2, mesh: mesh.membership.mesh, devices })

      const { items, ref } = yield* ada.inbox.next("prekeys")
      assert.strictEqual(ref, 2)
      assert.deepStrictEqual(items, [prekeyOf(mesh, "bob")])
    }).pipe(Effect.provide(world.layer)))

  it.effect("refuses a prekey of another device, and one that is not signed by it", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      yield* say(ada, { type: "put_prekey", ref: 1, prekey: prekeyOf(mesh, "bob") })
      assert.strictEqual((yield* ada.inbox.next("refused")).code, "not_permitted")
      const prekey = { ...prekeyOf(mesh, "ada"), at: MADE_AT + 1 }
      yield* say(ada, { type: "put_prekey", ref: 2, prekey })
      assert.strictEqual((yield* ada.inbox.next("refused")).code, "bad_signature")
    }).pipe(Effect.provide(world.layer)))
})
