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

  it.effect.each([
    { url: "postgres://me:secret@localhost/mail?host=%2Fnowhere%2Fat%2Fall", code: 8 },
    { url: "me:secret@localhost", code: 2 }
  ])(
    "refuses a database that will not do, without a word of its password",
    ({ code, url }) =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const data = yield* fs.makeTempDirectoryScoped({ prefix: "cm-" })
        const words = ["broker", "serve", "--data", data, "--listen", "127.0.0.1:0"]
        const { exit, stderr, stdout } = yield* typeNow(words, { env: { DATABASE_URL: url } })

        assert.strictEqual(exit, code)
        assert.include(stderr, "database")
        assert.notInclude(stderr + stdout, "secret")
      })
  )
})
