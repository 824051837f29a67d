import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Layer } from "effect"
import { StoreWitness } from "../store/store_witness.ts"
import { DataDirectory } from "./data_directory.ts"
import * as RunFile from "./run_file.ts"

/** The witness of a directory as a start of the broker finds it. */
const witnessOf = Effect.fnUntraced(function*(path: string) {
  const directory = Layer.succeed(DataDirectory, { path, database: "", warnings: [] })
  const witness = yield* Effect.provide(StoreWitness, Layer.provide(RunFile.layer, directory))
  return witness ?? (yield* Effect.die("There is no witness"))
})

describe("RunFile", () => {
  it.effect("tells the next start which run was noted last", () =>
    Effect.gen(function*() {
      const files = yield* FileSystem.FileSystem
      const directory = yield* files.makeTempDirectoryScoped()
      const { boot, lastRun, noteRun } = yield* witnessOf(directory)
      assert.isUndefined(yield* lastRun)
      yield* noteRun("one")
      yield* noteRun("two")
      const next = yield* witnessOf(directory)
      assert.strictEqual(yield* next.lastRun, "two")
      assert.strictEqual(next.boot, boot)
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))

  it.effect("lets the broker start where it cannot write", () =>
    Effect.gen(function*() {
      const { lastRun, noteRun } = yield* witnessOf("/nowhere/at/all")
      yield* noteRun("one")
      assert.isUndefined(yield* lastRun)
    }).pipe(Effect.provide(NodeServices.layer)))
})
