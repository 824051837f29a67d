import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { HotDaemon } from "./hot_daemon.ts"
import { statusLine } from "./statusline.ts"
import {
  daemonOf,
  meshNamed,
  nowhere,
  playedDaemon,
  sessionNamed
} from "./testing/played_daemon.ts"

const inApi = { ...nowhere, ids: ["id-of-api"] }

function lineIn(daemon: HotDaemon, whereabouts = inApi) {
  return Effect.promise(() => statusLine(daemon, whereabouts))
}

describe("the status line", () => {
  it.effect("says who one is, what waits, and by what messages come", () =>
    Effect.gen(function*() {
      const held = [{ session: "id-of-api" }, { session: "id-of-web" }]
      const api = sessionNamed("api", { carrier: "socket" })
      const daemon = daemonOf([meshNamed("home", { unread: 3 })], [api], held)

      assert.strictEqual(yield* lineIn(daemon), "api@home · 3 unread · 1 held · via socket")
    }))

  it.effect("is short where nothing waits", () =>
    Effect.gen(function*() {
      assert.strictEqual(
        yield* lineIn(daemonOf([meshNamed("home")], [sessionNamed("api")])),
        "api@home"
      )
    }))

  it.effect("counts what is held in the mesh for a session that is not registered", () =>
    Effect.gen(function*() {
      const held = [{ message: { mesh: "m_homexxxxxx" } }, { message: { mesh: "m_workxxxxxx" } }]
      const daemon = daemonOf([meshNamed("home")], [], held)

      assert.strictEqual(yield* lineIn(daemon), "home · 1 held")
    }))

  it.effect("says that the mesh cannot be reached", () =>
    Effect.gen(function*() {
      for (
        const [state, word] of [["offline", "offline"], ["refused", "offline"], [
          "connecting",
          "connecting"
        ]]
      ) {
        const daemon = daemonOf([meshNamed("home", { unread: 1, link: { state } })])
        assert.strictEqual(yield* lineIn(daemon), `home · mesh ${word} · 1 unread`)
      }
    }))

  it.effect("is there where nobody can tell what is held, and not without a mesh", () =>
    Effect.gen(function*() {
      const older = playedDaemon({
        "/v1/status": { meshes: [meshNamed("home")] },
        "/v1/sessions": { items: [] }
      })
      assert.strictEqual(yield* lineIn(older), "home")
      assert.strictEqual(yield* lineIn(daemonOf([])), "")
    }))

  it.effect("cannot be painted by a name", () =>
    Effect.gen(function*() {
      const daemon = daemonOf([meshNamed("home")], [
        sessionNamed("api\u001B\nroot", { id: "id-of-api" })
      ])
      assert.strictEqual(yield* lineIn(daemon), "api root@home")
    }))
})
