import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit } from "effect"
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { makePostgresServer } from "./postgres_server.ts"

/** A directory with a program that says something and ends. */
const directory = Effect.acquireRelease(
  Effect.sync(() => {
    const path = mkdtempSync(join(tmpdir(), "claudemesh-server-"))
    writeFileSync(join(path, "postgres"), "#!/bin/sh\necho no such data directory >&2; exit 1\n")
    chmodSync(join(path, "postgres"), 0o755)
    return path
  }),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

describe("makePostgresServer", () => {
  it.live("says what the server said that does not start", () =>
    Effect.gen(function*() {
      const path = yield* directory
      const options = { binaries: path, dataDirectory: path, user: undefined, settings: {} }
      const server = yield* makePostgresServer(options)
      const exit = yield* Effect.exit(server.start)

      assert.isTrue(Exit.isFailure(exit))
      assert.include(String(exit), "no such data directory")
    }).pipe(Effect.scoped))
})
