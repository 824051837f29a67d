import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { readFileSync, statSync, writeFileSync } from "node:fs"
import { createPrivate } from "./private_file.ts"
import { temporaryDirectory } from "./testing/temporary_directory.ts"

describe("createPrivate", () => {
  it.effect("creates a file that only its user may read, whatever the umask", () =>
    Effect.gen(function*() {
      const path = `${yield* temporaryDirectory}/new`
      const umask = process.umask(0)
      yield* Effect.addFinalizer(() => Effect.sync(() => process.umask(umask)))

      createPrivate(path)

      assert.strictEqual(statSync(path).mode & 0o777, 0o600)
    }))

  it.effect("leaves a file that exists as it is", () =>
    Effect.gen(function*() {
      const path = `${yield* temporaryDirectory}/old`
      writeFileSync(path, "kept", { mode: 0o640 })

      createPrivate(path)

      assert.strictEqual(readFileSync(path, "utf8"), "kept")
      assert.strictEqual(statSync(path).mode & 0o777, 0o640)
    }))

  it.effect("says why when it cannot", () =>
    Effect.gen(function*() {
      const path = `${yield* temporaryDirectory}/missing/new`

      assert.throws(() => createPrivate(path), /ENOENT/)
    }))
})
