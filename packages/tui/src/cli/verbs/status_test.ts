import { assert, describe, it } from "@effect/vitest"
import type { DaemonStatus } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { documentOf, type as typed } from "../../testing/command_line.ts"
import { daemonStatus, mesh, offlineMesh } from "../../testing/samples.ts"
import { exitOfView } from "./status.ts"

function playing(status: DaemonStatus) {
  return { daemon: { status: () => Effect.succeed(status) } }
}

describe("status", () => {
  it.effect("shows a line for each mesh, and the daemon", () =>
    Effect.gen(function*() {
      const { exit, stdout } = yield* typed(["status"], {
        daemon: playing(daemonStatus),
        terminal: true
      })

      assert.strictEqual(exit, 0)
      assert.strictEqual(
        stdout,
        "MESH           YOU ARE             MEMBERS  UNREAD  QUEUED  LINK       BROKER\n" +
          "home  current  ada@laptop (admin)  2        1       0       connected  http://127.0.0.1:7843\n\n" +
          "daemon  running, pid 4194305, version 0.1.0, started 1h ago\n" +
          "home    /srv/ada/.claudemesh\n"
      )
    }))

  it.effect("names what needs a person, and ends with 8 where a broker cannot be reached", () =>
    Effect.gen(function*() {
      const status = { ...daemonStatus, health: ["inbox was mended"], meshes: [offlineMesh] }
      const { exit, stdout } = yield* typed(["status"], { daemon: playing(status) })

      assert.strictEqual(exit, 8)
      assert.include(stdout, "# Health: inbox was mended\n")
      assert.include(
        stdout,
        "# Health: home is offline: nothing listens there; 2 queued here, safe\n"
      )
    }))

  it.effect("answers without a daemon, with 7 and the way out", () =>
    Effect.gen(function*() {
      const text = yield* typed(["status"])
      const json = yield* typed(["status", "--json"])

      assert.strictEqual(text.exit, 7)
      assert.match(text.stderr, /^warning: No daemon runs: claudemesh up/)
      assert.strictEqual(json.exit, 7)
      assert.deepStrictEqual((yield* documentOf(json.stdout)).item, {
        running: false,
        home: "/nowhere/home",
        socket: "/nowhere/home/run/daemon.sock"
      })
    }))

  it.effect("says of a daemon that does not answer that it is there, and how to end it", () =>
    Effect.gen(function*() {
      const holder = { pid: daemonStatus.pid, isCertain: true }
      const text = yield* typed(["status"], { holder, terminal: true })
      const json = yield* typed(["status", "--json"], { holder })

      assert.strictEqual(text.exit, 7)
      assert.match(text.stderr, /^warning: A daemon holds this home and does not answer/)
      assert.include(text.stdout, "cannot be reached (home /nowhere/home, pid 4194305)")
      assert.include(text.stdout, "claudemesh daemon stop")
      assert.nestedPropertyVal(
        (yield* documentOf(json.stdout)).item,
        "unreachable.pid",
        daemonStatus.pid
      )
    }))

  it.effect("writes the times of everything in it for programs", () =>
    Effect.gen(function*() {
      const { stdout } = yield* typed(["status", "--json"], { daemon: playing(daemonStatus) })

      const { item } = yield* documentOf(stdout)
      assert.nestedPropertyVal(item, "started_at", "2026-11-24T04:30:00.000Z")
      assert.nestedPropertyVal(item, "meshes[0].link.since", "2026-11-24T05:55:00.000Z")
    }))
})

describe("exitOfView", () => {
  it("does not mind a mesh that is just connecting", () => {
    const meshes = [{ ...mesh, link: { ...mesh.link, state: "connecting" as const } }]
    assert.strictEqual(exitOfView({ ...daemonStatus, meshes, running: true }), 0)
  })
})
