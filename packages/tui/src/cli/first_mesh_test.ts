import { assert, describe, it } from "@effect/vitest"
import { refused } from "@claudemesh/protocol/errors"
import type { InviteView, MeshStatus } from "@claudemesh/protocol/local_api"
import { Effect, Fiber, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { asDaemon } from "../testing/command_line.ts"
import { invite, mesh, NOW, offlineMesh } from "../testing/samples.ts"
import { connected, meshesOrFirst, openInvite } from "./first_mesh.ts"

const NO_MESH = refused("no_mesh", "There is no mesh on this machine yet")

function playing(
  meshes: ReadonlyArray<MeshStatus>,
  invites: ReadonlyArray<InviteView> = [],
  why = NO_MESH
) {
  const payloads: Array<unknown> = []

  function keep({ payload }: { readonly payload: object }) {
    return Effect.sync(() => payloads.push(payload))
  }

  const calls = {
    roster: { peers: () => Effect.fail(why) },
    meshes: {
      list: () => Effect.succeed({ items: meshes }),
      create: (request: { readonly payload: object }) => Effect.as(keep(request), mesh)
    },
    invites: {
      list: () => Effect.succeed({ items: invites }),
      create: (request: { readonly payload: object }) =>
        Effect.as(keep(request), { ...invite, uses: 0 })
    }
  }
  return { payloads, daemon: asDaemon(calls) }
}

describe("meshesOrFirst", () => {
  it.effect("founds one where there is none", () =>
    Effect.gen(function*() {
      const { daemon, payloads } = playing([])
      yield* meshesOrFirst(daemon, { origin: mesh.broker })
      yield* meshesOrFirst(daemon, {
        origin: mesh.broker,
        firstAdminCode: Redacted.make("one two")
      })

      assert.deepStrictEqual(payloads, [
        { name: "home", broker: mesh.broker },
        { name: "home", broker: mesh.broker, code: "one two" }
      ])
    }))

  it.effect("founds none beside one whose keys cannot be used, and says why", () =>
    Effect.gen(function*() {
      const unusable = refused("key_file_unsafe", "Cannot use key file")
      const { daemon, payloads } = playing([], [], unusable)

      const failed = yield* Effect.flip(meshesOrFirst(daemon, { origin: mesh.broker }))

      assert.strictEqual(failed.code, "key_file_unsafe")
      assert.deepStrictEqual(payloads, [])
    }))

  it.effect("leaves alone who has one, wherever it is", () =>
    Effect.gen(function*() {
      const { daemon, payloads } = playing([offlineMesh])

      assert.deepStrictEqual(yield* meshesOrFirst(daemon, { origin: "http://other" }), [
        offlineMesh
      ])
      assert.deepStrictEqual(payloads, [])
    }))
})

describe("connected", () => {
  it.effect("is the mesh as it is then", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* connected(playing([mesh]).daemon, offlineMesh), mesh)
    }))

  it.effect("does not wait for ever", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(
        Effect.flip(connected(playing([offlineMesh]).daemon, mesh))
      )
      yield* TestClock.adjust("8 seconds")

      assert.strictEqual((yield* Fiber.join(fiber)).code, "broker_unreachable")
    }))
})

describe("openInvite", () => {
  it.effect("shows one again that can still be passed on", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(NOW)
      const { daemon, payloads } = playing([mesh], [invite])

      assert.deepStrictEqual(yield* openInvite(daemon, mesh), invite)
      assert.deepStrictEqual(payloads, [])
    }))

  const { link: _, ...noLink } = invite
  it.effect.each<readonly [string, InviteView]>([
    ["is over soon", { ...invite, expires: NOW + 60_000 }],
    ["is revoked", { ...invite, state: "revoked" }],
    ["makes admins", { ...invite, role: "admin" }],
    ["was made elsewhere", noLink]
  ])("makes another one in place of one that %s", ([, old]) =>
    Effect.gen(function*() {
      yield* TestClock.setTime(NOW)
      const { daemon, payloads } = playing([mesh], [old])
      yield* openInvite(daemon, mesh)

      assert.deepStrictEqual(payloads, [{ mesh: "home", max_uses: 5, expires_in_ms: 86_400_000 }])
    }))
})
