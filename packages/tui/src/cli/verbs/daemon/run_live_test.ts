import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { typeNow } from "../../../testing/command_line.ts"

layer(NodeServices.layer, { excludeTestServices: true })("daemon run", (it) => {
  it.effect("refuses a home whose path is too long for a socket", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const directory = yield* fs.makeTempDirectoryScoped({ prefix: "cm-" })
      const env = { CLAUDEMESH_HOME: `${directory}/${"x".repeat(100)}` }
      const { exit, stderr } = yield* typeNow(["daemon", "run"], { env })

      assert.strictEqual(exit, 1)
      assert.include(stderr, "CLAUDEMESH_SOCKET")
    }))
})
