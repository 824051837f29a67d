import { layerSeededRandom, MADE_AT, makeMesh } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, HashMap } from "effect"
import { worldOf } from "../gateway/testing/mesh_world.ts"
import { MembershipLog } from "./membership_log.ts"

const mesh = makeMesh("log", ["ada", "bob"])
const other = makeMesh("another log", ["eve"])
const world = worldOf(mesh, { at: MADE_AT, random: layerSeededRandom("log") })

describe("MembershipLog", () => {
  it.effect("finds a membership as its log says, and the mesh of an invite", () =>
    Effect.gen(function*() {
      const log = yield* MembershipLog
      const [invite] = HashMap.keys(mesh.membership.invites)
      const found = yield* log.find(mesh.membership.mesh)
      assert.deepStrictEqual(found.head, mesh.membership.head)
      if (invite === undefined) throw new Error("the made mesh has no invite")
      assert.deepStrictEqual((yield* log.ofInvite(invite)).head, mesh.membership.head)
    }).pipe(Effect.provide(world.layer)))

  it.effect("finds no mesh that is not here, until it is", () =>
    Effect.gen(function*() {
      const log = yield* MembershipLog
      const { membership, statements } = other
      const refusal = yield* Effect.flip(log.find(membership.mesh))
      assert.strictEqual(refusal.code, "mesh_not_found")
      yield* log.commit({ before: undefined, after: membership, statements })
      assert.deepStrictEqual((yield* log.find(membership.mesh)).head, membership.head)
    }).pipe(Effect.provide(world.layer)))

  it.effect("commits nothing that does not follow", () =>
    Effect.gen(function*() {
      const log = yield* MembershipLog
      const { membership, statements } = mesh
      const again = log.commit({ before: undefined, after: membership, statements })
      assert.strictEqual((yield* Effect.flip(again)).code, "head_moved")
    }).pipe(Effect.provide(world.layer)))
})
