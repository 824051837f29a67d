import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { ConfigProvider, Effect, FileSystem, Layer } from "effect"
import { DaemonProcess } from "./daemon_process.ts"

layer(NodeServices.layer, { excludeTestServices: true })("DaemonProcess", (it) => {
  it.effect("tells the last words of one that cannot start", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const home = yield* fs.makeTempDirectoryScoped({ prefix: "cm-" })
      yield* fs.makeDirectory(`${home}/data/daemon.sqlite`, { recursive: true })
      const settings = ConfigProvider.layer(ConfigProvider.fromUnknown({ CLAUDEMESH_HOME: home }))

      const { ended, log } = yield* DaemonProcess.use(({ log, start }) =>
        Effect.map(start, ({ ended }) => ({ ended, log }))
      ).pipe(Effect.provide(DaemonProcess.layer.pipe(Layer.provide(settings))))
      const refusal = yield* Effect.flip(ended)

      assert.strictEqual(refusal.code, "daemon_start_failed")
      assert.include(refusal.message, "daemon.sqlite")
      assert.include(refusal.message, log)
      assert.strictEqual((yield* fs.stat(log)).mode & 0o777, 0o600)
    }))
})
