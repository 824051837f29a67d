import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { findOwnPlace, findOwnSession, type Whereabouts } from "./own_place.ts"
import {
  daemonOf,
  meshNamed,
  nowhere,
  playedDaemon,
  sessionNamed
} from "./testing/played_daemon.ts"

const meshes = [meshNamed("work"), meshNamed("home", { current: true })]
const sessions = [sessionNamed("web", { pid: 8, mesh: "m_workxxxxxx" }), sessionNamed("api")]

function meshFor(whereabouts: Partial<Whereabouts>) {
  return Effect.map(
    Effect.promise(() => findOwnPlace(daemonOf(meshes, sessions), { ...nowhere, ...whereabouts })),
    (place) => place?.mesh["name"]
  )
}

describe("findOwnPlace", () => {
  it.effect("takes the mesh of the session before the one that was chosen, and that before the current one", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* meshFor({ ids: ["id-of-web"], mesh: "home" }), "work")
      assert.strictEqual(yield* meshFor({ mesh: "work" }), "work")
      assert.strictEqual(yield* meshFor({ mesh: "m_work" }), "work")
      assert.strictEqual(yield* meshFor({ mesh: "gone" }), "home")
      assert.strictEqual(yield* meshFor({}), "home")
    }))

  it.effect("finds nothing in a home without a mesh", () =>
    Effect.gen(function*() {
      const place = yield* Effect.promise(() => findOwnPlace(daemonOf([]), nowhere))
      assert.isUndefined(place)
    }))
})

describe("findOwnSession", () => {
  it.effect("knows a session by its id, and by its process after /clear has given it another", () =>
    Effect.gen(function*() {
      const daemon = daemonOf(meshes, sessions)
      const named = yield* Effect.promise(() =>
        findOwnSession(daemon, { ids: ["", "id-of-api"], pid: 8, mesh: "" })
      )
      const cleared = yield* Effect.promise(() =>
        findOwnSession(daemon, { ids: ["new"], pid: 8, mesh: "" })
      )
      const none = yield* Effect.promise(() => findOwnSession(daemon, { ...nowhere, ids: ["new"] }))

      assert.strictEqual(named?.["name"], "api")
      assert.strictEqual(cleared?.["name"], "web")
      assert.isUndefined(none)
    }))

  it.effect("makes nothing of an answer of another shape", () =>
    Effect.gen(function*() {
      const odd = playedDaemon({ "/v1/sessions": { items: ["x", 7, null] } })
      assert.isUndefined(yield* Effect.promise(() => findOwnSession(odd, nowhere)))
    }))
})
