import { NodeFileSystem } from "@effect/platform-node"
import { MeshId } from "@claudemesh/protocol"
import { seededBytes } from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { chmodSync, readFileSync, truncateSync, writeFileSync } from "node:fs"
import { temporaryDirectory } from "../testing/temporary_home.ts"
import { ownPrekey, readPrekeys, writePrekeys } from "./prekey_file.ts"

describe("readPrekeys", () => {
  it.effect("reads back what was written, the newest first", () =>
    Effect.gen(function*() {
      const read = yield* readPrekeys(yield* written, mesh)

      assert.deepStrictEqual(read.map(({ at, id }) => [at, id]), [[2, second.id], [1, first.id]])
      assert.deepStrictEqual(
        read.map(({ pair }) => Redacted.value(pair.secretKey)),
        [second, first].map(({ pair }) => Redacted.value(pair.secretKey))
      )
    }).pipe(Effect.provide(NodeFileSystem.layer)))

  it.effect("finds none where there is no file", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* readPrekeys(`${yield* temporaryDirectory}/none`, mesh), [])
    }).pipe(Effect.provide(NodeFileSystem.layer)))

  it.effect("refuses a file that others may read, was cut off, is another mesh's, or does not fit", () =>
    Effect.gen(function*() {
      const open = yield* refusalAfter((path) => chmodSync(path, 0o644))
      const cut = yield* refusalAfter((path) => truncateSync(path, 100))
      const other = yield* refusalAfter(edit(mesh, otherMesh))
      const unfit = yield* refusalAfter(edit(/"seed":"..../, "\"seed\":\"AAAA"))

      assert.deepStrictEqual(
        [open, cut, other, unfit].map(({ code }) => code),
        ["key_file_unsafe", "key_file_corrupt", "key_file_corrupt", "key_file_corrupt"]
      )
      assert.include(unfit.message, "its seeds do not make its public keys")
    }).pipe(Effect.provide(NodeFileSystem.layer)))
})

const mesh = MeshId.make(`m_${"a".repeat(26)}`)
const otherMesh = MeshId.make(`m_${"b".repeat(26)}`)

const bytes = seededBytes("prekeys")
const first = ownPrekey(Redacted.make(bytes(32)), 1)
const second = ownPrekey(Redacted.make(bytes(32)), 2)

const written = Effect.gen(function*() {
  const path = `${yield* temporaryDirectory}/a.prekeys.json`
  yield* writePrekeys(path, mesh, [first, second])
  return path
})

function refusalAfter(spoil: (path: string) => void) {
  return Effect.flatMap(written, (path) => {
    spoil(path)
    return Effect.flip(readPrekeys(path, mesh))
  })
}

function edit(what: string | RegExp, by: string): (path: string) => void {
  return (path) => writeFileSync(path, readFileSync(path, "utf8").replace(what, by))
}
