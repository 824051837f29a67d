import { NodeFileSystem } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { directoryOf, ownUid, trustFault, writePrivate } from "./private_file.ts"
import { temporaryDirectory } from "./testing/temporary_home.ts"

describe("writePrivate", () => {
  it.effect("puts a file of mode 0600 in place of the old one, and leaves nothing else", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      writeFileSync(`${directory}/a`, "old", { mode: 0o644 })

      yield* writePrivate(`${directory}/a`, "new")

      assert.strictEqual(readFileSync(`${directory}/a`, "utf8"), "new")
      assert.strictEqual(statSync(`${directory}/a`).mode & 0o777, 0o600)
      assert.deepStrictEqual(readdirSync(directory), ["a"])
    }).pipe(Effect.provide(NodeFileSystem.layer)))

  it.effect("does not write through a link that lies in its way", () =>
    Effect.gen(function*() {
      const directory = yield* temporaryDirectory
      writeFileSync(`${directory}/victim`, "untouched")
      symlinkSync(`${directory}/victim`, `${directory}/a.new`)
      symlinkSync(`${directory}/victim`, `${directory}/a`)

      yield* writePrivate(`${directory}/a`, "secret")

      assert.strictEqual(readFileSync(`${directory}/victim`, "utf8"), "untouched")
      assert.strictEqual(readFileSync(`${directory}/a`, "utf8"), "secret")
    }).pipe(Effect.provide(NodeFileSystem.layer)))
})

describe("trustFault", () => {
  it.effect("finds nothing wrong with what is ours, and another user's with its owner", () =>
    Effect.gen(function*() {
      const path = yield* temporaryDirectory
      const info = yield* FileSystem.FileSystem.use((fs) => fs.lstat(path))
      const uid = ownUid() ?? 0

      assert.isUndefined(trustFault(path, info, { type: "Directory", uid }))
      assert.deepStrictEqual(trustFault(path, info, { type: "Directory", uid: uid + 1 }), {
        reason: `it belongs to user ${uid}, not to you (${uid + 1})`,
        fix: `chown ${uid + 1} '${path}'`
      })
      assert.include(
        trustFault(path, info, { type: "Socket", uid })?.reason,
        "it is a directory, not a socket"
      )
    }).pipe(Effect.provide(NodeFileSystem.layer)))
})

describe("directoryOf", () => {
  it("is what a path lies in", () => {
    assert.strictEqual(directoryOf("/a/b/c"), "/a/b")
    assert.strictEqual(directoryOf("/a"), "/")
  })
})
