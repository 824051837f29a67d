import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem, Option } from "effect"
import { serveBroker } from "../embedded_broker.ts"
import { typeNow } from "../../testing/command_line.ts"

layer(NodeServices.layer, { excludeTestServices: true })("up", (it) => {
  it.effect("names the address that is taken, and how to choose another", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const directory = yield* fs.makeTempDirectoryScoped({ prefix: "cm-" })
      const listen = Option.some({ host: "127.0.0.1", port: 0 })
      const { port } = yield* serveBroker({
        dataDirectory: `${directory}/other`,
        listen,
        publicUrl: Option.none()
      })
      const env = { CLAUDEMESH_HOME: `${directory}/home` }
      const { exit, stderr } = yield* typeNow(["up", "--listen", `127.0.0.1:${port}`], { env })

      assert.strictEqual(exit, 5)
      assert.include(stderr, String(port))
      assert.include(stderr, "--listen HOST:PORT")
    }).pipe(Effect.scoped))
})
