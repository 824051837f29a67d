import { refused } from "@claudemesh/protocol/errors"
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, FileSystem, Layer } from "effect"
import { TerminalCapabilities } from "effect/cli"
import { LocalDaemon } from "../cli/local_daemon.ts"
import { Output } from "../cli/output.ts"
import { asDaemon } from "../testing/command_line.ts"
import { invite, mesh } from "../testing/samples.ts"
import { reachMesh } from "./reach_mesh.ts"

const daemon = asDaemon({
  meshes: { list: () => Effect.succeed({ items: [mesh] }) },
  invites: { list: () => Effect.succeed({ items: [invite] }) }
})
const down = Effect.fail(refused("daemon_not_running", "No daemon listens"))

interface Played {
  /** Whether a daemon that is started comes to answer. */
  readonly starts?: boolean
  /** Whether the home was in a mesh before. */
  readonly hasKeys?: boolean
  readonly yes?: boolean
}

/** Reaches a mesh over a daemon that is down until it was started. */
const reached = Effect.fnUntraced(
  function*({ hasKeys = true, starts = true, yes = false }: Played) {
    const begun: Array<"daemon" | "up"> = []
    function start(what: "daemon" | "up") {
      return starts
        ? Effect.sync(() => {
          begun.push(what)
          return daemon
        })
        : Effect.fail(refused("daemon_start_failed", "Cannot start the daemon"))
    }
    const local = LocalDaemon.of({
      running: Effect.suspend(() => begun.length > 0 ? Effect.succeed(daemon) : down),
      answering: down,
      started: start("daemon"),
      up: start("up"),
      holder: Effect.succeedNone
    })
    const fs = yield* FileSystem.FileSystem
    const home = yield* fs.makeTempDirectoryScoped({ prefix: "cm-" })
    if (hasKeys) yield* fs.makeDirectory(`${home}/keys/a_mesh`, { recursive: true })
    const settings = ConfigProvider.fromUnknown({ CLAUDEMESH_HOME: home })
    const output = yield* Output.make(undefined)
    const { meshes } = yield* reachMesh({ link: undefined, mayAsk: false, quiet: true, yes }).pipe(
      Effect.provideService(LocalDaemon, local),
      Effect.provideService(Output, output),
      Effect.provideService(ConfigProvider.ConfigProvider, settings)
    )
    return { meshes, begun }
  },
  Effect.scoped,
  Effect.provide(TerminalCapabilities.layer.pipe(Layer.provideMerge(NodeServices.layer)))
)

describe("reachMesh", () => {
  it.effect("starts a daemon that is down, without a question", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* reached({}), { meshes: [mesh], begun: ["daemon"] })
    }))

  it.effect("gives up where it cannot be started", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(reached({ starts: false }))

      assert.deepInclude(error, { code: "daemon_start_failed" })
    }))

  it.effect("makes a mesh for a home that was never in one, where what is proposed is taken", () =>
    Effect.gen(function*() {
      const { begun, meshes } = yield* reached({ hasKeys: false, yes: true })

      assert.deepStrictEqual(begun, ["up"])
      assert.deepStrictEqual(meshes, [mesh])
    }))

  it.effect("starts nothing for such a home where it may neither ask nor propose", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(reached({ hasKeys: false }))

      assert.deepInclude(error, { code: "no_mesh" })
    }))
})
