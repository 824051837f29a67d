import { makeMesh } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Meshes } from "../../meshes/meshes.ts"
import { FakeProcesses } from "../../testing/fake_processes.ts"
import { layerMadeLocalApiWith, madeClient } from "../../testing/made_local_api.ts"
import { identityOf } from "../../testing/made_identity.ts"
import { sessionIdOf } from "../../testing/made_sessions.ts"
import { layerRegistering } from "../../testing/registering.ts"

const made = makeMesh("sessions_handlers", ["ada", "bob"])
const mesh = made.membership.mesh
const other = makeMesh("sessions_handlers-2", ["ada", "bob"])
const daemon = layerMadeLocalApiWith(layerRegistering, made, "ada")

const id = sessionIdOf(1)
const api = { id, cwd: "/src/api", pid: 7 }
const started = FakeProcesses.use(({ start }) => start(7, "first"))

/** Another mesh, which is the current one from now on. */
const elsewhere = Effect.gen(function*() {
  const { add, use } = yield* Meshes
  const added = yield* add(identityOf(other, "ada"), other.statements)
  yield* use(added.id)
  return added
})

describe("sessions", () => {
  it.effect("are registered in the current mesh, revised, shown and listed", () =>
    Effect.gen(function*() {
      const { sessions } = yield* madeClient
      yield* started

      const { token_file, ...registered } = yield* sessions.register({ payload: api })
      assert.deepInclude(registered, { id, name: "api", mesh, mode: "push", status: "idle" })
      assert.include(token_file, id)

      const revised = yield* sessions.revise({
        params: { id },
        payload: { name: "db", status: { is: "working", source: "hook" } }
      })

      assert.deepStrictEqual(revised, { ...registered, name: "db", status: "working" })
      assert.deepStrictEqual(yield* sessions.show({ params: { id } }), revised)
      assert.deepStrictEqual((yield* sessions.list()).items, [revised])
    }).pipe(Effect.provide(daemon)))

  it.effect("keep their mesh when they are resumed, whatever the current one is", () =>
    Effect.gen(function*() {
      const { sessions } = yield* madeClient
      yield* started
      yield* sessions.register({ payload: api })
      yield* sessions.end({ params: { id } })
      const there = yield* elsewhere

      assert.strictEqual((yield* sessions.register({ payload: api })).mesh, mesh)
      const fresh = yield* sessions.register({ payload: { cwd: "/src/web", pid: 7 } })
      assert.strictEqual(fresh.mesh, there.id)
    }).pipe(Effect.provide(daemon)))

  it.effect("take the mesh that is named, and are refused with one that is not there", () =>
    Effect.gen(function*() {
      const { sessions } = yield* madeClient
      yield* started
      yield* sessions.register({ payload: api })
      const there = yield* elsewhere

      const moved = yield* sessions.register({ payload: { ...api, mesh: there.name } })
      const refusal = yield* Effect.flip(
        sessions.register({ payload: { ...api, mesh: "nowhere" } })
      )

      assert.strictEqual(moved.mesh, there.id)
      assert.deepInclude(refusal, { code: "mesh_not_found" })
    }).pipe(Effect.provide(daemon)))

  it.effect("are of no mesh where their user has none", () =>
    Effect.gen(function*() {
      const { sessions } = yield* madeClient
      yield* started
      yield* Meshes.use(({ forget }) => forget(mesh))

      assert.notProperty(yield* sessions.register({ payload: api }), "mesh")
    }).pipe(Effect.provide(daemon)))

  it.effect("are found no more once they have ended", () =>
    Effect.gen(function*() {
      const { sessions } = yield* madeClient
      yield* started
      yield* sessions.register({ payload: api })

      const ended = yield* sessions.end({ params: { id } })

      assert.strictEqual(ended.name, "api")
      assert.deepStrictEqual((yield* sessions.list()).items, [])
      assert.deepStrictEqual((yield* sessions.ended()).items.map(({ name }) => name), ["api"])
      const refusals = [
        yield* Effect.flip(sessions.show({ params: { id } })),
        yield* Effect.flip(sessions.revise({ params: { id }, payload: {} })),
        yield* Effect.flip(sessions.end({ params: { id } }))
      ]
      for (const refusal of refusals) assert.deepInclude(refusal, { code: "session_not_found" })
    }).pipe(Effect.provide(daemon)))
})
