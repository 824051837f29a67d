import { assert, describe, it } from "@effect/vitest"
import { Cause, ConfigProvider, Effect } from "effect"
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { findPostgres, isWithout } from "./postgres_binaries.ts"

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
  return withSettings({ PATH: path })
}

function withSettings(settings: Readonly<Record<string, string>>) {
  return Effect.provide(ConfigProvider.layer(ConfigProvider.fromUnknown(settings)))
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

describe("isWithout", () => {
  it.effect("goes without where there is none, or where that is wanted", () =>
    Effect.gen(function*() {
      const whole = yield* directoryOf("postgres", "initdb", "psql")

      assert.isTrue(yield* isWithout([]).pipe(withPath("")))
      assert.isFalse(yield* isWithout([whole]).pipe(withPath("")))
      assert.isTrue(
        yield* isWithout([whole]).pipe(withSettings({ CLAUDEMESH_WITHOUT_POSTGRES: "1" }))
      )
    }))

  it.effect("never goes without where it must not", () =>
    Effect.gen(function*() {
      assert.isFalse(yield* isWithout([]).pipe(withSettings({ CLAUDEMESH_WITH_POSTGRES: "1" })))
    }))
})
