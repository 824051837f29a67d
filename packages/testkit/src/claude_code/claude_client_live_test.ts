import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { findClaude, withoutClaude } from "./claude_binary.ts"
import { printClaude, startClaude } from "./claude_client.ts"
import { makeClaudeHome } from "./claude_home.ts"
import type { Script } from "./script.ts"
import { makeScriptedApi } from "./scripted_api.ts"
import { shows, textsWith } from "./shown_text.ts"
import { call, say } from "./turn.ts"

/** A client that is found, a home for it, and a script for its model. */
const prepared = Effect.fnUntraced(function*(main: Script) {
  const binary = yield* findClaude()
  const api = yield* makeScriptedApi({ main })
  const home = yield* makeClaudeHome()
  return { api, client: { binary, home, apiUrl: api.url } }
})

const isWithout = withoutClaude()

describe.skipIf(isWithout)("printClaude", () => {
  process.env["CLAUDE_CODE_OF_THE_CALLER"] = "1"

  it.live("prints what the script says, and shows the model what a tool answered", () =>
    Effect.gen(function*() {
      const command = { command: "echo sum-$((40 + 2))", description: "Add" }
      const { api, client } = yield* prepared([call("Bash", command), say("It is done")])
      const run = yield* printClaude({ ...client, prompt: "Add the numbers" })

      assert.deepStrictEqual(run, { code: 0, stdout: "It is done\n", stderr: "" })
      const asked = textsWith(yield* api.awaitMain(0), "Add the numbers")
      const answered = textsWith(yield* api.awaitMain(1), "sum-42")
      assert.deepStrictEqual(asked.map(({ role }) => role), ["user"])
      assert.deepStrictEqual(answered.map(({ as }) => as), ["tool_result"])
    }).pipe(Effect.scoped))

  it.live("is given an environment in which nothing is the caller's", () =>
    Effect.gen(function*() {
      const list = call("Bash", { command: "env | cut -d= -f1", description: "List" })
      const { api, client } = yield* prepared([list, say("Listed")])
      yield* printClaude({ ...client, prompt: "List the names", env: { OF_THE_TEST: "1" } })
      const shown = yield* api.awaitMain(1)

      assert.isTrue(shows(shown, "OF_THE_TEST"))
      assert.isFalse(shows(shown, "OF_THE_CALLER"))
    }).pipe(Effect.scoped))
})

describe.skipIf(isWithout)("startClaude", () => {
  it.live("answers a typed prompt on the screen, and leaves when told to", () =>
    Effect.gen(function*() {
      const { client } = yield* prepared([say("Hello from the script")])
      const session = yield* startClaude(client)
      yield* session.awaitPrompt
      yield* session.submit("Say hello")
      yield* session.awaitScreen("Hello from the script")
      yield* session.awaitPrompt
      yield* session.submit("/exit")

      assert.deepStrictEqual(yield* session.exit, Option.some(0))
    }).pipe(Effect.scoped))

  it.live("stands still while a gate keeps the model between two tool calls", () =>
    Effect.gen(function*() {
      const { api, client } = yield* prepared([
        call("Bash", { command: "echo first-$((1 + 1))", description: "First" }),
        call("Bash", { command: "echo second-$((2 + 2))", description: "Second" }),
        say("Both ran")
      ])
      const gate = yield* api.gate(1)
      const session = yield* startClaude(client)
      yield* session.awaitPrompt
      yield* session.submit("Run both")
      const between = yield* gate.reached

      assert.isTrue(shows(between, "first-2"))
      assert.lengthOf(api.mainRequests(), 2)
      yield* gate.open
      assert.isTrue(shows(yield* api.awaitMain(2), "second-4"))
      yield* session.awaitScreen("Both ran")
    }).pipe(Effect.scoped))

  it.live("tells a sub-agent's conversation from the main one", () =>
    Effect.gen(function*() {
      const agent = { description: "Look", prompt: "Look around", subagent_type: "general-purpose" }
      const { api, client } = yield* prepared([call("Agent", agent), say("Sent off"), say("Heard")])
      yield* api.playSubagents(say("I looked"))
      const session = yield* startClaude(client)
      yield* session.awaitPrompt
      yield* session.submit("Send someone")

      const asked = yield* api.awaitRequest(({ kind }) => kind === "subagent")
      assert.isTrue(shows(asked, "Look around"))
      const told = yield* api.awaitRequest((request) =>
        request.kind === "main" && shows(request, "I looked")
      )
      assert.isAtLeast(told.number, 1)
    }).pipe(Effect.scoped))

  it.live("is gone with all it started when its scope closes", () =>
    Effect.gen(function*() {
      const { api, client } = yield* prepared([])
      const gate = yield* api.gate(0)
      const { isRunning } = yield* Effect.scoped(Effect.gen(function*() {
        const session = yield* startClaude(client)
        yield* session.awaitPrompt
        yield* session.submit("Never mind")
        yield* gate.reached
        return session
      }))
      assert.isFalse(isRunning())
    }).pipe(Effect.scoped))
})
