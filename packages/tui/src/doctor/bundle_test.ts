import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, FileSystem, Layer, Option } from "effect"
import { gunzipSync } from "node:zlib"
import { writeBundle } from "./bundle.ts"
import type { Checked } from "./checks.ts"
import { ok } from "./finding.ts"
import { machine, temporary } from "./testing/fake_machine.ts"

const items: ReadonlyArray<Checked> = [
  { ...ok("well"), id: "runtime", check: "runtime", title: "runtime" }
]

function bundled(directory: string, file: string) {
  const settings = ConfigProvider.layer(
    ConfigProvider.fromUnknown({ CLAUDEMESH_HOME: directory, CLAUDEMESH_TOKEN: "hunter2" })
  )
  return Effect.provide(
    writeBundle(items, Option.some(file)),
    Layer.provideMerge(settings, machine())
  )
}

describe("writeBundle", () => {
  it.effect("says what is in it, is its user's alone, and holds no secret of the log", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const home = yield* temporary
      yield* fs.makeDirectory(`${home}/log`)
      yield* fs.writeFileString(`${home}/log/daemon.log`, "token=hunter2\nit began\n")
      const { file, files } = yield* bundled(home, `${home}/b.tar.gz`)
      const text = gunzipSync(yield* fs.readFile(file)).toString()

      assert.deepStrictEqual(files.map(({ name }) => name), [
        "doctor.json",
        "versions.json",
        "settings.json",
        "status.json",
        "log/daemon.log"
      ])
      assert.strictEqual((yield* fs.stat(file)).mode & 0o777, 0o600)
      assert.include(text, "it began")
      assert.notInclude(text, "hunter2")
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))

  it.effect("takes the end of a log that is long, and no link", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const home = yield* temporary
      yield* fs.makeDirectory(`${home}/log`)
      yield* fs.writeFileString(
        `${home}/log/daemon.log`,
        `first\n${"line\n".repeat(300_000)}last\n`
      )
      yield* fs.writeFileString(`${home}/elsewhere`, "not of a crash")
      yield* fs.symlink(`${home}/elsewhere`, `${home}/log/crash-1.txt`)
      const { file } = yield* bundled(home, `${home}/b.tar.gz`)
      const text = gunzipSync(yield* fs.readFile(file)).toString()

      assert.include(text, "last\n")
      assert.notInclude(text, "first\n")
      assert.notInclude(text, "not of a crash")
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))

  it.effect("is never written over another file", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const home = yield* temporary
      yield* fs.writeFileString(`${home}/mine`, "mine")
      const error = yield* Effect.flip(bundled(home, `${home}/mine`))

      assert.propertyVal(error, "code", "usage")
      assert.strictEqual(yield* fs.readFileString(`${home}/mine`), "mine")
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))
})
