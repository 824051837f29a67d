import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
import { layerPlayed } from "../testing/command_line.ts"
import { session } from "../testing/samples.ts"
import { agentNamed } from "./agents.ts"
import { conversationOf, type LaunchOptions } from "./launch_options.ts"

const ID = "11111111-2222-4333-8444-555555555555"

const options: LaunchOptions = {
  agent: Result.getOrThrow(agentNamed("claude")),
  args: [],
  given: {},
  link: undefined,
  resume: undefined,
  continue: false,
  systemPrompt: undefined,
  quiet: false,
  yes: false,
  noInput: false,
  dryRun: false,
  json: false
}

const daemon = {
  sessions: {
    list: () => Effect.succeed({ items: [session] }),
    ended: () => Effect.succeed({ items: [] })
  }
}

/** The conversation that is meant in a directory, where one session runs. */
function conversation(options: LaunchOptions) {
  return conversationOf(options, "/src/api").pipe(Effect.provide(layerPlayed({ daemon })))
}

const codex = Result.getOrThrow(agentNamed("codex"))

describe("conversationOf", () => {
  it.effect("begins one with an id of its own", () =>
    Effect.gen(function*() {
      const [one, other] = [yield* conversation(options), yield* conversation(options)]

      assert.strictEqual(one.type, "new")
      assert.notDeepEqual(one, other)
    }))

  it.effect("goes on with the one that is named, or with the newest", () =>
    Effect.gen(function*() {
      const resumed = yield* conversation({ ...options, resume: ID.toUpperCase() })
      const continued = yield* conversation({ ...options, continue: true })

      assert.deepEqual<unknown>(resumed, { type: "resumed", id: ID })
      assert.deepStrictEqual(continued, { type: "continued" })
    }))

  it.effect("goes on with the one that is called so", () =>
    Effect.gen(function*() {
      const resumed = yield* conversation({ ...options, resume: "api" })
      const refusal = yield* Effect.flip(conversation({ ...options, resume: "docs" }))

      assert.deepEqual<unknown>(resumed, { type: "resumed", id: session.id })
      assert.strictEqual(refusal.code, "session_not_found")
    }))

  it.effect.each<readonly [string, Partial<LaunchOptions>, string]>([
    ["two at once", { resume: ID, continue: true }, "Cannot resume and continue"],
    ["JSON without a dry run", { json: true }, "Cannot answer in JSON"],
    ["joining in a dry run", { dryRun: true, link: "x" }, "Cannot join in a dry run"],
    ["what the agent does not take", { agent: codex, continue: true }, "Cannot pass --continue"],
    [
      "several such",
      { agent: codex, resume: ID, systemPrompt: "x" },
      "Cannot pass --resume and --system-prompt to Codex"
    ]
  ])("refuses %s", ([, more, why]) =>
    Effect.gen(function*() {
      const { code, message } = yield* Effect.flip(conversation({ ...options, ...more }))

      assert.strictEqual(code, "usage")
      assert.include(message, why)
    }))
})
