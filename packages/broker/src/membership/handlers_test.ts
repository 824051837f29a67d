import { Effect } from "effect"
import { layerSeededRandom, MADE_AT, makeMesh, memberOf, statementBy } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { toBase64Url } from "@claudemesh/protocol/crypto"
import { worldOf } from "../gateway/testing/mesh_world.ts"
import { say } from "../gateway/testing/test_device.ts"

const mesh = makeMesh("statements", ["ada", "bob"])
const id = mesh.membership.mesh
const world = worldOf(mesh, { at: MADE_AT, random: layerSeededRandom("statements") })

function inviteBy(name: string, role: "admin" | "member" = "member") {
  const key = toBase64Url(memberOf(mesh, name).key.publicKey)
  const body = { key, role, max_uses: 1, expires: MADE_AT + 60_000 }
  return statementBy(mesh, name, { kind: "invite", body })
}

describe("append", () => {
  it.effect("answers with the new head, and tells everybody who is attached", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      const bob = yield* world.attach("bob")
      const statement = inviteBy("ada")
      yield* say(ada, { type: "append", ref: 3, statement })

      const appended = yield* ada.inbox.next("appended")
      assert.deepStrictEqual([appended.ref, appended.head[0]], [3, statement.seq])
      for (const { inbox } of [ada, bob]) {
        assert.deepStrictEqual((yield* inbox.next("statements")).items, [statement])
      }
    }).pipe(Effect.provide(world.layer)))

  it.effect("refuses a statement by another member than the one that is attached", () =>
    Effect.gen(function*() {
      const bob = yield* world.attach("bob")
      yield* say(bob, { type: "append", ref: 1, statement: inviteBy("ada") })
      assert.strictEqual((yield* bob.inbox.next("refused")).code, "not_permitted")
    }).pipe(Effect.provide(world.layer)))

  it.effect("says that the head has moved to whoever comes second", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      yield* say(ada, { type: "append", ref: 1, statement: inviteBy("ada") })
      yield* say(ada, { type: "append", ref: 2, statement: inviteBy("ada", "admin") })
      yield* ada.inbox.next("appended")
      const { code, ref } = yield* ada.inbox.next("refused")
      assert.deepStrictEqual([code, ref], ["head_moved", 2])
    }).pipe(Effect.provide(world.layer)))

  it.effect("refuses what the mesh does not allow, and goes on", () =>
    Effect.gen(function*() {
      const bob = yield* world.attach("bob")
      yield* say(bob, { type: "append", ref: 1, statement: inviteBy("bob") })
      assert.strictEqual((yield* bob.inbox.next("refused")).code, "not_permitted")
      yield* say(bob, { type: "read_statements", ref: 2, mesh: id, after: 0 })
      assert.strictEqual((yield* bob.inbox.next("statements")).head, mesh.membership.head.seq)
    }).pipe(Effect.provide(world.layer)))
})

describe("read_statements", () => {
  it.effect("answers with what follows", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      yield* say(ada, { type: "read_statements", ref: 9, mesh: id, after: 1 })
      const { items, ref } = yield* ada.inbox.next("statements")
      assert.strictEqual(ref, 9)
      assert.deepStrictEqual(items, mesh.statements.slice(1))
    }).pipe(Effect.provide(world.layer)))

  it.effect("refuses a mesh that is not attached here", () =>
    Effect.gen(function*() {
      const ada = yield* world.attach("ada")
      const elsewhere = makeMesh("elsewhere", ["eve"]).membership.mesh
      yield* say(ada, { type: "read_statements", ref: 9, mesh: elsewhere, after: 0 })
      const { code, mesh } = yield* ada.inbox.next("refused")
      assert.deepStrictEqual([code, mesh], ["not_attached", elsewhere])
    }).pipe(Effect.provide(world.layer)))
})
