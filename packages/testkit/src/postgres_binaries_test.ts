import { assert, describe, it } from "@effect/vitest"
import { Cause, ConfigProvider, Effect } from "effect"
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { findPostgres } from "./postgres_binaries.ts"

/** A directory with these programs, which do nothing. */
function directoryOf(...programs: ReadonlyArray<string>) {
  return Effect.acquireRelease(
    Effect.sync(() => {
      const directory = mkdtempSync(join(tmpdir(), "claudemesh-binaries-"))
      for (const program of programs) {
        writeFileSync(join(directory, program), "")
        chmodSync(join(directory, program), 0o755)
      }
      return directory
    }),
    (directory) => Effect.sync(() => rmSync(directory, { recursive: true }))
  )
}

function withPath(path: string) {
  return Effect.provide(ConfigProvider.layer(ConfigProvider.fromUnknown({ PATH: path })))
}

describe("findPostgres", () => {
  it.effect("takes the first directory that holds all it needs, the PATH before other places", () =>
    Effect.gen(function*() {
      const half = yield* directoryOf("postgres", "psql")
      const whole = yield* directoryOf("postgres", "initdb", "psql")
      const other = yield* directoryOf("postgres", "initdb", "psql")

      assert.strictEqual(yield* findPostgres([other]).pipe(withPath(`${half}::${whole}`)), whole)
      assert.strictEqual(yield* findPostgres([other]).pipe(withPath(half)), other)
    }))

  it.effect("dies where there is none, and says what to do", () =>
    Effect.gen(function*() {
      const cause = yield* Effect.flip(Effect.sandbox(findPostgres([]).pipe(withPath(""))))

      assert.isTrue(Cause.hasDies(cause))
      assert.include(Cause.pretty(cause), "CLAUDEMESH_WITHOUT_POSTGRES=1")
    }))
})
