import { assert, describe, it } from "@effect/vitest"
import { Effect, Result } from "effect"
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

const codex = Result.getOrThrow(agentNamed("codex"))

describe("conversationOf", () => {
  it.effect("begins one with an id of its own", () =>
    Effect.gen(function*() {
      const [one, other] = [yield* conversationOf(options), yield* conversationOf(options)]

      assert.strictEqual(one.type, "new")
      assert.notDeepEqual(one, other)
    }))

  it.effect("goes on with the one that is named, or with the newest", () =>
    Effect.gen(function*() {
      const resumed = yield* conversationOf({ ...options, resume: ID.toUpperCase() })
      const continued = yield* conversationOf({ ...options, continue: true })

      assert.deepEqual<unknown>(resumed, { type: "resumed", id: ID })
      assert.deepStrictEqual(continued, { type: "continued" })
    }))

  it.effect.each<readonly [string, Partial<LaunchOptions>, string]>([
    ["an id that is none", { resume: "docs" }, "Cannot resume \"docs\""],
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
      const { code, message } = yield* Effect.flip(conversationOf({ ...options, ...more }))

      assert.strictEqual(code, "usage")
      assert.include(message, why)
    }))
})
