import { Daemon, daemonHolder } from "@claudemesh/daemon"
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, FileSystem, Layer, Option } from "effect"
import { makeMachine } from "../testing/real_mesh.ts"
import { DaemonProcess } from "./daemon_process.ts"
import { LocalDaemon } from "./local_daemon.ts"
import { stopDaemon } from "./stopping.ts"

/** What verbs know of the daemon of that home. */
function layerOf(home: string) {
  return LocalDaemon.layer.pipe(
    Layer.provide(DaemonProcess.layer),
    Layer.provide(Daemon.layer({ socketPath: `${home}/run/daemon.sock` })),
    Layer.provide(ConfigProvider.layer(ConfigProvider.fromUnknown({ CLAUDEMESH_HOME: home })))
  )
}

describe("stopDaemon, of a daemon whose socket was deleted", () => {
  it.live(
    "ends it, and the home is free",
    () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const directory = yield* fs.makeTempDirectoryScoped({ prefix: "cm-" })
        const machine = yield* makeMachine(directory, "ada")
        yield* machine.start
        const { pid } = yield* machine.daemon.daemon.status({})
        yield* fs.remove(`${machine.home}/run/daemon.sock`)

        const stopped = yield* Effect.provide(stopDaemon, layerOf(machine.home))

        assert.deepStrictEqual(stopped, { was_running: true, pid })
        assert.isTrue(Option.isNone(yield* daemonHolder(machine.home)))
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    60_000
  )
})
