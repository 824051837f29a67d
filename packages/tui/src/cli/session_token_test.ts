import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, FileSystem, Redacted } from "effect"
import { isTypedByAgent, sessionToken } from "./session_token.ts"

const ID = "00000000-0000-4000-8000-000000000001"
const TOKEN = "A".repeat(43)

/** The token found with those settings in a home that has one session. */
const found = Effect.fnUntraced(
  function*(settings: (run: string) => Readonly<Record<string, string>>) {
    const fs = yield* FileSystem.FileSystem
    const run = yield* fs.makeTempDirectoryScoped()
    yield* fs.makeDirectory(`${run}/sessions`)
    yield* fs.writeFileString(`${run}/sessions/${ID}.token`, `${TOKEN}\n`)
    yield* fs.writeFileString(`${run}/other`, "B".repeat(43))
    yield* fs.writeFileString(`${run}/broken`, "no token")
    const provider = ConfigProvider.layer(ConfigProvider.fromUnknown(settings(run)))
    const token = yield* Effect.provide(sessionToken(run), provider)
    return token === undefined ? undefined : Redacted.value(token)
  },
  Effect.scoped,
  Effect.provide(NodeServices.layer)
)

describe("sessionToken", () => {
  it.live("is that of the session in which the verb is typed", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* found(() => ({ CLAUDE_CODE_SESSION_ID: ID })), TOKEN)
    }))

  it.live("is the one that launch names, before any other", () =>
    Effect.gen(function*() {
      const token = yield* found((run) => ({
        CLAUDE_CODE_SESSION_ID: ID,
        CLAUDEMESH_SESSION_TOKEN_FILE: `${run}/other`
      }))

      assert.strictEqual(token, "B".repeat(43))
    }))

  it.live("is none outside of a session, or where that has ended", () =>
    Effect.gen(function*() {
      assert.isUndefined(yield* found(() => ({})))
      assert.isUndefined(
        yield* found(() => ({ CLAUDE_CODE_SESSION_ID: ID.replace("1", "2") }))
      )
    }))

  it.live("is none in a file that holds something else, and leads nowhere else", () =>
    Effect.gen(function*() {
      assert.isUndefined(
        yield* found((run) => ({ CLAUDEMESH_SESSION_TOKEN_FILE: `${run}/broken` }))
      )
      assert.isUndefined(yield* found(() => ({ CLAUDE_CODE_SESSION_ID: "../other" })))
    }))
})

describe("isTypedByAgent", () => {
  it.live("is so where a token is found in the home, and not where there is none", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const home = yield* fs.makeTempDirectoryScoped()
      yield* fs.makeDirectory(`${home}/run/sessions`, { recursive: true })
      yield* fs.writeFileString(`${home}/run/sessions/${ID}.token`, TOKEN)
      function typedIn(session: string) {
        const settings = { CLAUDEMESH_HOME: home, CLAUDE_CODE_SESSION_ID: session }
        const provider = ConfigProvider.layer(ConfigProvider.fromUnknown(settings))
        return Effect.provide(isTypedByAgent, provider)
      }

      assert.isTrue(yield* typedIn(ID))
      assert.isFalse(yield* typedIn(ID.replace(/1$/, "2")))
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)))
})
