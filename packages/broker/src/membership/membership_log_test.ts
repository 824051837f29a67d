import {
  appended,
  layerSeededRandom,
  MADE_AT,
  makeMesh,
  memberOf,
  statementBy
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, HashMap, Layer } from "effect"
import { worldOf } from "../gateway/testing/mesh_world.ts"
import { MembershipStore } from "../store/membership_store.ts"
import { StoreFailed } from "../store/store_failed.ts"
import { MembershipLog } from "./membership_log.ts"
import { type Appended, MembershipNews } from "./membership_news.ts"

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

describe("MembershipLog, where the answer to a commit was lost", () => {
  const revokeBob = statementBy(mesh, "ada", {
    kind: "device_revoke",
    body: { device: memberOf(mesh, "bob").device }
  })
  const { membership, statements } = appended(mesh, revokeBob)

  it.effect("tells what was committed as soon as the log is read again", () =>
    Effect.gen(function*() {
      const told: Array<Appended> = []
      const news = Layer.succeed(MembershipNews, {
        publish: (appended) => void told.push(appended)
      })
      const world = MembershipLog.layer.pipe(Layer.provide([news, storeThatLosesAnAnswer]))
      yield* Effect.gen(function*() {
        const log = yield* MembershipLog
        const before = yield* log.find(membership.mesh)
        const next = { before, after: membership, statements: [revokeBob] }
        assert.strictEqual((yield* Effect.flip(log.commit(next))).code, "overloaded")
        assert.lengthOf(told, 0)

        assert.strictEqual((yield* Effect.flip(log.commit(next))).code, "head_moved")
        assert.deepStrictEqual((yield* log.find(membership.mesh)).head, membership.head)
        assert.lengthOf(told, 1)
        assert.deepStrictEqual(told[0]?.statements, [revokeBob])
        assert.deepStrictEqual(told[0]?.devicesEnded, [memberOf(mesh, "bob").device])
      }).pipe(Effect.provide(world))
    }))

  /** Holds the log of the mesh; the first append gets no answer. */
  const storeThatLosesAnAnswer = Layer.sync(MembershipStore, () => {
    let held = mesh.statements
    const failed = new StoreFailed({ fault: "unknown", reason: "the commit was not confirmed" })
    return {
      read: (_, after) => Effect.succeed(held.slice(after)),
      meshOfInvite: () => Effect.undefined,
      append: () =>
        Effect.suspend(() => {
          if (held.length === statements.length) return Effect.succeed(false)
          held = statements
          return Effect.fail(failed)
        })
    }
  })
})
