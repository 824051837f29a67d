import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { replaceFile } from "./replaced_file.ts"

const temporary = FileSystem.FileSystem.use((fs) => fs.makeTempDirectoryScoped({ prefix: "cm-" }))

layer(NodeServices.layer)("replaceFile", (it) => {
  it.effect("leaves one whole text of many that are written at a time, and nothing else", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const directory = yield* temporary
      const texts = Array.from({ length: 32 }, (_, at) => `${at} `.repeat(1_000 * (at + 1)))
      yield* Effect.forEach(texts, (text) => replaceFile(`${directory}/file`, { text }), {
        concurrency: "unbounded"
      })

      assert.include(texts, yield* fs.readFileString(`${directory}/file`))
      assert.deepStrictEqual(yield* fs.readDirectory(directory), ["file"])
    }))

  it.effect("keeps it to its user, who may run a program", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const directory = yield* temporary
      yield* replaceFile(`${directory}/text`, { text: "" })
      yield* replaceFile(`${directory}/program`, { text: "", isProgram: true })

      assert.strictEqual((yield* fs.stat(`${directory}/text`)).mode & 0o777, 0o600)
      assert.strictEqual((yield* fs.stat(`${directory}/program`)).mode & 0o777, 0o700)
    }))
})
