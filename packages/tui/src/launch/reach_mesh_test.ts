import { refused } from "@claudemesh/protocol/errors"
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TerminalCapabilities } from "effect/cli"
import { LocalDaemon } from "../cli/local_daemon.ts"
import { Output } from "../cli/output.ts"
import { asDaemon } from "../testing/command_line.ts"
import { mesh } from "../testing/samples.ts"
import { reachMesh } from "./reach_mesh.ts"

const daemon = asDaemon({ meshes: { list: () => Effect.succeed({ items: [mesh] }) } })
const down = Effect.fail(refused("daemon_not_running", "No daemon listens"))

/** Reaches a mesh over a daemon that is down until it was started. */
const reached = Effect.fnUntraced(
  function*(starts: boolean) {
    let isUp = false
    const local = LocalDaemon.of({
      running: Effect.suspend(() => isUp ? Effect.succeed(daemon) : down),
      answering: down,
      started: starts
        ? Effect.sync(() => {
          isUp = true
          return daemon
        })
        : Effect.fail(refused("daemon_start_failed", "Cannot start the daemon")),
      holder: Effect.succeedNone
    })
    const output = yield* Output.make(undefined)
    return yield* reachMesh({ link: undefined, mayAsk: false, quiet: true }).pipe(
      Effect.provideService(LocalDaemon, local),
      Effect.provideService(Output, output)
    )
  },
  Effect.provide(TerminalCapabilities.layer.pipe(Layer.provideMerge(NodeServices.layer)))
)

describe("reachMesh", () => {
  it.effect("starts a daemon that is down, without a question", () =>
    Effect.gen(function*() {
      const { meshes } = yield* reached(true)

      assert.deepStrictEqual(meshes, [mesh])
    }))

  it.effect("gives up where it cannot be started", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(reached(false))

      assert.deepInclude(error, { code: "daemon_start_failed" })
    }))
})
