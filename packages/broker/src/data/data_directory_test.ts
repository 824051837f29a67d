import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, FileSystem, Layer } from "effect"
import { DataDirectory } from "./data_directory.ts"

/** Opens a directory; it is closed with the scope. */
const open = Effect.fnUntraced(function*(directory: string) {
  const built = yield* Layer.build(Layer.fresh(DataDirectory.layer(directory)))
  return Context.get(built, DataDirectory)
})

const temporary = FileSystem.FileSystem.use((files) => files.makeTempDirectoryScoped())

describe("DataDirectory", () => {
  it.effect("makes a directory that is its user's alone", () =>
    Effect.gen(function*() {
      const files = yield* FileSystem.FileSystem
      const directory = `${yield* temporary}/data/broker`
      const { warnings } = yield* open(directory)
      const { mode } = yield* files.stat(directory)
      assert.strictEqual(mode & 0o777, 0o700)
      assert.lengthOf(warnings, 0)
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))

  it.effect("warns of one that others may look into, and leaves it as it is", () =>
    Effect.gen(function*() {
      const files = yield* FileSystem.FileSystem
      const directory = yield* temporary
      yield* files.chmod(directory, 0o755)
      const { warnings } = yield* open(directory)
      assert.include(warnings[0], "chmod 700")
      assert.strictEqual((yield* files.stat(directory)).mode & 0o777, 0o755)
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))

  it.effect("refuses a second broker while there is one, and takes it after", () =>
    Effect.gen(function*() {
      const directory = yield* temporary
      yield* Effect.scoped(Effect.gen(function*() {
        yield* open(directory)
        const refusal = yield* Effect.flip(open(directory))
        assert.strictEqual(refusal.code, "data_locked")
      }))
      yield* open(directory)
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))

  it.effect("moves a damaged database aside, loudly", () =>
    Effect.gen(function*() {
      const files = yield* FileSystem.FileSystem
      const directory = yield* temporary
      yield* files.chmod(directory, 0o700)
      yield* files.writeFileString(
        `${directory}/broker.sqlite`,
        "this is no database, by far ".repeat(99)
      )
      const { database, warnings } = yield* open(directory)
      assert.include(warnings[0], "damaged")
      assert.isFalse(yield* files.exists(database))
      const kept = (yield* files.readDirectory(directory)).filter((name) =>
        name.includes("corrupt")
      )
      assert.lengthOf(kept, 1)
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))

  it.effect("refuses a place where there can be no directory", () =>
    Effect.gen(function*() {
      const files = yield* FileSystem.FileSystem
      const file = `${yield* temporary}/file`
      yield* files.writeFileString(file, "")
      const refusal = yield* Effect.flip(open(`${file}/data`))
      assert.strictEqual(refusal.code, "home_unusable")
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))
})
