import { NodeFileSystem } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect, Option } from "effect"
import { mkdirSync, readdirSync, statSync } from "node:fs"
import { temporaryDirectory } from "../testing/temporary_home.ts"
import {
  digestOf,
  lookAtFile,
  makeEach,
  missingDirectories,
  placeFile,
  removeEmpty
} from "./placed_file.ts"

const bytes = new TextEncoder().encode("x")

layer(NodeFileSystem.layer)("a placed file", (it) => {
  it.effect("is there as a whole, with its mode, and nothing beside it", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      yield* placeFile(`${directory}/a`, bytes, 0o640)
      yield* placeFile(`${directory}/a`, new Uint8Array(), undefined)
      yield* placeFile(`${directory}/a`, bytes, 0o604)
      const found = Option.getOrThrow(yield* lookAtFile(`${directory}/a`))

      assert.strictEqual(digestOf(found.bytes), digestOf(bytes))
      assert.strictEqual(found.mode, 0o604)
      assert.deepStrictEqual(readdirSync(directory), ["a"])
    }))

  it.effect("is nothing where there is none, and refused where it cannot be one", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      const refusal = yield* Effect.flip(lookAtFile(directory))

      assert.isTrue(Option.isNone(yield* lookAtFile(`${directory}/a`)))
      assert.include(refusal.message, `Cannot use "${directory}"`)
    }))
})

layer(NodeFileSystem.layer)("directories", (it) => {
  it.effect("are made from the outermost on, and removed as far as they are empty", () =>
    Effect.gen(function*() {
      const top = yield* temporaryDirectory
      const missing = yield* missingDirectories(`${top}/a/b/c`)
      yield* makeEach(missing, 0o700)
      mkdirSync(`${top}/a/mine`)

      assert.deepStrictEqual(missing, [`${top}/a`, `${top}/a/b`, `${top}/a/b/c`])
      assert.strictEqual(statSync(`${top}/a/b`).mode & 0o777, 0o700)
      assert.deepStrictEqual(yield* removeEmpty(missing), [`${top}/a`])
      assert.deepStrictEqual(readdirSync(`${top}/a`), ["mine"])
    }))
})
