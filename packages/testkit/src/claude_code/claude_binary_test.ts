import { assert, describe, it } from "@effect/vitest"
import { Cause, ConfigProvider, Effect, Option } from "effect"
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fetchClaude, isWithout, lookForClaude } from "./claude_binary.ts"

const emptyCache = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "claude-cache-"))),
  (directory) => Effect.sync(() => rmSync(directory, { recursive: true }))
)

function withSettings(env: Readonly<Record<string, string>>) {
  return Effect.provideService(
    ConfigProvider.ConfigProvider,
    ConfigProvider.fromEnv({ env: { ...env } })
  )
}

describe("lookForClaude", () => {
  it.effect("takes what CLAUDE_BIN names before all else", () =>
    Effect.gen(function*() {
      const places = { path: "/bin/ls", cache: yield* emptyCache }

      const named = lookForClaude(places).pipe(withSettings({ CLAUDE_BIN: "/bin/sh" }))
      assert.deepStrictEqual(yield* named, Option.some("/bin/sh"))
      const gone = lookForClaude(places).pipe(withSettings({ CLAUDE_BIN: "/bin/no_such_client" }))
      assert.deepStrictEqual(yield* gone, Option.none())
      const given = lookForClaude(places).pipe(withSettings({}))
      assert.deepStrictEqual(yield* given, Option.some("/bin/ls"))
    }).pipe(Effect.scoped))

  it.effect("finds what is installed in the cache", () =>
    Effect.gen(function*() {
      const cache = yield* emptyCache
      const client = join(cache, "node_modules/@anthropic-ai/claude-code-linux-x64/claude")
      mkdirSync(dirname(client), { recursive: true })
      writeFileSync(client, "#!/bin/sh\n", { mode: 0o755 })

      const found = lookForClaude({ cache }).pipe(withSettings({}))
      assert.deepStrictEqual(yield* found, Option.some(client))
    }).pipe(Effect.scoped))
})

describe("fetchClaude", () => {
  it.effect("takes what is there, and fetches nothing in the place of one that is named", () =>
    Effect.gen(function*() {
      const places = { path: "/bin/ls", cache: yield* emptyCache }

      assert.strictEqual(yield* fetchClaude(places).pipe(withSettings({})), "/bin/ls")
      const named = fetchClaude(places).pipe(withSettings({ CLAUDE_BIN: "/bin/no_such_client" }))
      assert.include(String(Cause.squash(yield* Effect.flip(Effect.sandbox(named)))), "CLAUDE_BIN")
      assert.deepStrictEqual(readdirSync(places.cache), [])
    }).pipe(Effect.scoped))
})

describe("withoutClaude", () => {
  it.effect("goes without where there is no client, unless it is wanted all the same", () =>
    Effect.gen(function*() {
      const places = { cache: yield* emptyCache }

      assert.isTrue(yield* isWithout(places).pipe(withSettings({})))
      const wanted = withSettings({ CLAUDEMESH_WITH_CLAUDE: "1" })
      assert.isFalse(yield* isWithout(places).pipe(wanted))
    }).pipe(Effect.scoped))
})
