import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { execFileSync } from "node:child_process"
import { EXECUTABLE } from "./executable.ts"

/** A place with a source and a build that each say which they are; both were written when their times say. */
const makePlace = Effect.fn("makePlace")(function*(times: { source: number; build: number }) {
  const fs = yield* FileSystem.FileSystem
  const root = yield* fs.makeTempDirectoryScoped({ prefix: "cm executable " })
  const write = Effect.fnUntraced(function*(path: string, text: string, seconds: number) {
    const file = `${root}/${path}`
    yield* fs.makeDirectory(file.slice(0, file.lastIndexOf("/")), { recursive: true })
    yield* fs.writeFileString(file, text)
    yield* fs.utimes(file, seconds * 1_000, seconds * 1_000)
  })
  yield* write("package.json", "{ \"type\": \"module\" }", 1)
  yield* write("bin/claudemesh.js", yield* fs.readFileString(EXECUTABLE), 1)
  yield* write("src/main.ts", "const name: string = 'source'; console.log(name)", times.source)
  yield* write("dist/main.js", "console.log('build')", times.build)
  yield* write("dist/inputs.json", "[\"../src/main.ts\"]", times.build)
  return {
    root,
    run: () => execFileSync(process.execPath, [`${root}/bin/claudemesh.js`], { encoding: "utf8" })
  }
})

describe("the executable", () => {
  it.effect("runs the build while it is newer than what it was made of", () =>
    Effect.gen(function*() {
      const { run } = yield* makePlace({ source: 100, build: 200 })
      assert.strictEqual(run(), "build\n")
    }).pipe(Effect.provide(NodeServices.layer)))

  it.effect("runs the source once that has changed, in the very moment of the build also", () =>
    Effect.gen(function*() {
      for (const build of [99, 100]) {
        const { run } = yield* makePlace({ source: 100, build })
        assert.strictEqual(run(), "source\n")
      }
    }).pipe(Effect.provide(NodeServices.layer)))

  it.effect("runs the source where the build is not whole, or something it was made of is gone", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      for (const inputs of ["[\"../src/main.ts\", \"../src/gone.ts\"]", "[\"../src/main", "{}"]) {
        const { root, run } = yield* makePlace({ source: 100, build: 200 })
        yield* fs.writeFileString(`${root}/dist/inputs.json`, inputs)
        assert.strictEqual(run(), "source\n")
        yield* fs.remove(`${root}/dist`, { recursive: true })
        assert.strictEqual(run(), "source\n")
      }
    }).pipe(Effect.provide(NodeServices.layer)))
})
