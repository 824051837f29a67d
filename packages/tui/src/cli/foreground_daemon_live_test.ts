import { Daemon, Home } from "@claudemesh/daemon"
import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Context, Effect, Fiber, FileSystem, Layer } from "effect"
import { foregroundDaemon, untilDaemonEnds } from "./foreground_daemon.ts"

layer(NodeServices.layer, { excludeTestServices: true })("foregroundDaemon", (it) => {
  it.effect("runs a daemon that others can ask to stop, and logs into the home", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const directory = yield* fs.makeTempDirectoryScoped({ prefix: "cm-" })
      const home = Context.get(yield* Layer.build(Home.layer(directory)), Home)
      const client = yield* Layer.build(Daemon.layer({ socketPath: home.socket }))
      const daemon = Context.get(client, Daemon)

      const { stopped } = yield* foregroundDaemon(home)
      const status = yield* daemon.daemon.status({})
      yield* daemon.daemon.shutdown({})
      yield* stopped

      assert.strictEqual(status.pid, process.pid)
      assert.isTrue(yield* fs.exists(`${home.log}/daemon.log`))
    }))
})

layer(NodeServices.layer, { excludeTestServices: true })("untilDaemonEnds", (it) => {
  it.effect("returns when the daemon has gone, and not before", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const directory = yield* fs.makeTempDirectoryScoped({ prefix: "cm-" })
      const home = Context.get(yield* Layer.build(Home.layer(directory)), Home)
      const client = yield* Layer.build(Daemon.layer({ socketPath: home.socket }))
      const daemon = Context.get(client, Daemon)

      const ended = yield* Effect.scoped(Effect.gen(function*() {
        yield* foregroundDaemon(home)
        const waiting = yield* Effect.forkDetach(untilDaemonEnds(daemon))
        yield* Effect.sleep("200 millis")
        assert.isUndefined(waiting.pollUnsafe())
        return waiting
      }))
      yield* Fiber.join(ended)
    }))
})
