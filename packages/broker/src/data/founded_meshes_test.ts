import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { sampleMesh } from "../store/testing/sample.ts"
import { FOUNDED_MESHES_FILE, foundedMeshes } from "./founded_meshes.ts"

const [one, other, byHand] = [sampleMesh("a"), sampleMesh("b"), sampleMesh("c")]

describe("foundedMeshes", () => {
  it.effect("remembers each mesh once, over a restart, and what an operator has written", () =>
    Effect.gen(function*() {
      const files = yield* FileSystem.FileSystem
      const directory = yield* files.makeTempDirectoryScoped()
      const file = `${directory}/${FOUNDED_MESHES_FILE}`
      const first = yield* foundedMeshes(directory)
      assert.isFalse(yield* first.has(one))
      yield* files.writeFileString(file, byHand)
      yield* first.add(one)
      yield* first.add(one)

      const again = yield* foundedMeshes(directory)
      assert.isTrue(yield* again.has(one))
      assert.isTrue(yield* again.has(byHand))
      assert.isFalse(yield* again.has(other))
      const text = yield* files.readFileString(file)
      assert.lengthOf(text.split(one), 2)
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))

  it.effect("remembers nothing where it cannot write, and fails nobody", () =>
    Effect.gen(function*() {
      const { add, has } = yield* foundedMeshes("/nowhere/at/all")
      yield* add(one)
      assert.isFalse(yield* has(one))
    }).pipe(Effect.provide(NodeServices.layer)))
})
