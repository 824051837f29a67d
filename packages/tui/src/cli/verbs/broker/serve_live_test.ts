import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { typeNow } from "../../../testing/command_line.ts"

layer(NodeServices.layer, { excludeTestServices: true })("broker serve", (it) => {
  it.effect("refuses data that is no directory", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const file = yield* fs.makeTempFileScoped()
      const { exit, stderr } = yield* typeNow([
        "broker",
        "serve",
        "--data",
        file,
        "--listen",
        "127.0.0.1:0"
      ])

      assert.isAbove(exit, 0)
      assert.notStrictEqual(exit, 70)
      assert.include(stderr, file)
    }))
})
