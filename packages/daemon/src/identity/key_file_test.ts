import { NodeFileSystem } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { execFileSync } from "node:child_process"
import {
  chmodSync,
  chownSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { temporaryDirectory } from "../testing/temporary_home.ts"
import { readKeyFile } from "./key_file.ts"

describe("readKeyFile", () => {
  it.effect("reads what is its user's alone, and finds nothing where there is nothing", () =>
    Effect.gen(function*() {
      const path = yield* keyFile

      assert.deepStrictEqual(yield* readKeyFile(path), Option.some("secret"))
      assert.deepStrictEqual(yield* readKeyFile(`${path}.not`), Option.none())
    }).pipe(Effect.provide(NodeFileSystem.layer)))

  for (const { name, says, spoil } of unsafeStates()) {
    it.effect(`refuses a file ${name}, and says how to mend it`, () =>
      Effect.gen(function*() {
        const path = yield* keyFile
        spoil(path)

        const refusal = yield* Effect.flip(readKeyFile(path))

        assert.strictEqual(refusal.code, "key_file_unsafe")
        assert.strictEqual(refusal.message, `Cannot use key file "${path}": ${says(path)}`)
      }).pipe(Effect.provide(NodeFileSystem.layer)))
  }

  // Only root may give a file away; `trustFault` is tested for everybody in private_file_test.ts.
  it.effect.skipIf(process.getuid?.() !== 0)(
    "refuses a file of another user, and says how to mend it",
    () =>
      Effect.gen(function*() {
        const path = yield* keyFile
        chownSync(path, 65_534, 65_534)

        const refusal = yield* Effect.flip(readKeyFile(path))

        assert.strictEqual(refusal.code, "key_file_unsafe")
        assert.include(
          refusal.message,
          `it belongs to user 65534, not to you (0); chown 0 '${path}'`
        )
      }).pipe(Effect.provide(NodeFileSystem.layer))
  )

  it.effect("refuses a file that is far too large", () =>
    Effect.gen(function*() {
      const path = yield* keyFile
      writeFileSync(path, " ".repeat(100_000))

      const refusal = yield* Effect.flip(readKeyFile(path))

      assert.strictEqual(refusal.code, "key_file_corrupt")
      assert.include(refusal.message, "it has 100000 bytes")
    }).pipe(Effect.provide(NodeFileSystem.layer)))
})

/** A good key file. */
const keyFile = Effect.map(temporaryDirectory, (directory) => {
  const path = `${directory}/a.json`
  writeFileSync(path, "secret", { mode: 0o600 })
  return path
})

interface UnsafeState {
  readonly name: string
  readonly spoil: (path: string) => void
  readonly says: (path: string) => string
}

/** Ways for a file not to be its user's alone. */
function unsafeStates(): ReadonlyArray<UnsafeState> {
  return [
    {
      name: "that others may read",
      spoil: (path) => chmodSync(path, 0o644),
      says: (path) => `others may use it (mode 0644); chmod 600 '${path}'`
    },
    {
      name: "that a group may write",
      spoil: (path) => chmodSync(path, 0o620),
      says: (path) => `others may use it (mode 0620); chmod 600 '${path}'`
    },
    {
      name: "that is a link, even to a good one",
      spoil: (path) => {
        renameSync(path, `${path}.real`)
        symlinkSync(`${path}.real`, path)
      },
      says: (path) => `it is a symbolic link, not a file; ${moveAway(path)}`
    },
    {
      name: "that is a directory",
      spoil: (path) => {
        rmSync(path)
        mkdirSync(path)
      },
      says: (path) => `it is a directory, not a file; ${moveAway(path)}`
    },
    {
      name: "that is a pipe, which would never come to its end",
      spoil: (path) => {
        rmSync(path)
        execFileSync("mkfifo", ["-m", "600", path])
      },
      says: (path) => `it is a pipe, not a file; ${moveAway(path)}`
    }
  ]
}

function moveAway(path: string): string {
  return `put a file of yours there, or move '${path}' away`
}
