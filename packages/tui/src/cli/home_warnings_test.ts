import { refused } from "@claudemesh/protocol/errors"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { asDaemon, type as typed } from "../testing/command_line.ts"
import { daemonStatus, mesh } from "../testing/samples.ts"
import { homeWarnings, NO_MESH } from "./home_warnings.ts"

const health = ["Database \"a\" was damaged and a new one took its place", "The disk is full"]
const absent = Effect.fail(refused("daemon_not_running", "No daemon listens"))

function playing(status: Partial<typeof daemonStatus>) {
  const nothing = { items: [], unread: 0, more: false, failed: 0 }
  return {
    daemon: { status: () => Effect.succeed({ ...daemonStatus, ...status }) },
    messages: { inbox: () => Effect.succeed(nothing) },
    outbox: { list: () => Effect.succeed(nothing) },
    search: { messages: () => Effect.succeed(nothing) },
    roster: {
      peers: () => Effect.succeed({ mesh: mesh.mesh, mesh_name: mesh.name, items: [] })
    }
  }
}

describe("homeWarnings", () => {
  it.effect("has nothing to say where all is well", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* homeWarnings(asDaemon(playing({}))), [])
    }))

  it.effect("leaves it to the list where the daemon does not answer", () =>
    Effect.gen(function*() {
      const daemon = asDaemon({ daemon: { status: () => absent } })
      assert.deepStrictEqual(yield* homeWarnings(daemon), [])
    }))

  it.effect.each(["inbox", "outbox list", "search word", "peers"])(
    "is said beside %s, a line for each thing, and never among what is listed",
    (line) =>
      Effect.gen(function*() {
        const daemon = playing({ health, meshes: [] })
        const { exit, stderr, stdout } = yield* typed(line.split(" "), { daemon })

        assert.strictEqual(exit, 0)
        assert.strictEqual(stdout, "")
        assert.strictEqual(
          stderr,
          [NO_MESH, ...health].map((text) => `warning: ${text}\n`).join("")
        )
      })
  )
})
