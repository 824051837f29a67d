import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { existsSync, readFileSync } from "node:fs"
import { claudeEnvironment, makeClaudeHome } from "./claude_home.ts"

function readJson(file: string) {
  return JSON.parse(readFileSync(file, "utf8"))
}

describe("makeClaudeHome", () => {
  it.live("trusts its project and approves the key of its environment", () =>
    Effect.gen(function*() {
      const place = yield* makeClaudeHome()
      const environment = claudeEnvironment(place, "http://127.0.0.1:1")
      const answers = readJson(`${place.home}/.claude.json`)

      assert.isTrue(answers.projects[place.project].hasTrustDialogAccepted)
      const [approved] = answers.customApiKeyResponses.approved
      assert.isTrue(environment["ANTHROPIC_API_KEY"]?.endsWith(approved))
    }).pipe(Effect.scoped))

  it.live("writes the settings it is given beside its own", () =>
    Effect.gen(function*() {
      const settings = { crossSessionInbound: "hold" }
      const { home } = yield* makeClaudeHome({ permissionMode: "default", allow: [], settings })

      assert.deepStrictEqual(readJson(`${home}/.claude/settings.json`), {
        permissions: { defaultMode: "default", allow: [] },
        crossSessionInbound: "hold"
      })
    }).pipe(Effect.scoped))

  it.live("takes the files that were written into it along when its scope closes", () =>
    Effect.gen(function*() {
      const write = Effect.flatMap(makeClaudeHome(), ({ write }) => write("a/b.txt", "text"))
      assert.isFalse(existsSync(yield* Effect.scoped(write)))
    }))
})

describe("claudeEnvironment", () => {
  process.env["CLAUDE_CODE_OF_THE_CALLER"] = "1"

  it.live("lets nothing of the caller's through", () =>
    Effect.gen(function*() {
      const environment = claudeEnvironment(yield* makeClaudeHome(), "http://127.0.0.1:1")

      assert.notProperty(environment, "CLAUDE_CODE_OF_THE_CALLER")
    }).pipe(Effect.scoped))
})
