import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { ConfigProvider, Effect, FileSystem, Stream } from "effect"
import { ChildProcess } from "effect/process"
import { pathWithOwnCommand } from "./own_command.ts"

layer(NodeServices.layer)("pathWithOwnCommand", (it) => {
  it.effect("puts a command last on the PATH that is this claudemesh, once", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const run = yield* fs.makeTempDirectoryScoped({ prefix: "cm run-" })
      const path = yield* pathFrom(run, "/usr/bin:/bin")

      assert.strictEqual(path, `/usr/bin:/bin:${run}/launch/bin`)
      assert.strictEqual(yield* pathFrom(run, path), path)
      const file = `${run}/launch/bin/claudemesh`
      assert.strictEqual((yield* fs.stat(file)).mode & 0o777, 0o700)
      const said = yield* ChildProcess.make(file, ["--version"]).pipe(
        Effect.flatMap(({ stdout }) => Stream.mkString(Stream.decodeText(stdout)))
      )
      assert.match(said, /0\.1\.0/)
    }))

  it.effect("does so for many launches at a time", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const run = yield* fs.makeTempDirectoryScoped({ prefix: "cm run-" })
      const launches = Array.from({ length: 16 }, () => pathFrom(run, "/bin"))
      yield* Effect.all(launches, { concurrency: "unbounded" })

      assert.deepStrictEqual(yield* fs.readDirectory(`${run}/launch/bin`), ["claudemesh"])
    }))
})

function pathFrom(run: string, path: string) {
  const provider = ConfigProvider.layer(ConfigProvider.fromUnknown({ PATH: path }))
  return Effect.provide(pathWithOwnCommand(run), provider)
}
