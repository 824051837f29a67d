import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { smallDisk, withoutSmallDisk } from "./small_disk.ts"

const directory = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "cm-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

describe.skipIf(withoutSmallDisk())("smallDisk", () => {
  it.live("is full when it was filled, and has room again", () =>
    Effect.gen(function*() {
      const path = join(yield* directory, "disk")
      const disk = yield* smallDisk(path, 1_048_576)
      yield* disk.fill
      assert.throws(() => writeFileSync(join(path, "file"), "x".repeat(5_000)), "ENOSPC")

      yield* disk.makeRoom
      writeFileSync(join(path, "file"), "x".repeat(5_000))
    }).pipe(Effect.scoped))

  it.live("is gone with its scope, and all that was on it", () =>
    Effect.gen(function*() {
      const path = join(yield* directory, "disk")
      yield* Effect.scoped(
        Effect.andThen(
          smallDisk(path, 1_048_576),
          Effect.sync(() => writeFileSync(join(path, "file"), "x"))
        )
      )

      assert.isFalse(existsSync(join(path, "file")))
    }).pipe(Effect.scoped))
})
