import { assert, describe, it } from "@effect/vitest"
import { claudeArguments, joinedArguments } from "./agent_arguments.ts"

const ID = "11111111-2222-4333-8444-555555555555"

const groups = claudeArguments({
  conversation: { type: "new", id: ID },
  name: "api",
  systemPrompt: "Be brief",
  pluginFolder: "/plugin"
})

describe("joinedArguments", () => {
  it("says ours first, then the user's", () => {
    assert.deepStrictEqual(joinedArguments(groups, ["--model", "opus", "fix it"]), [
      "--session-id",
      ID,
      "--name",
      "api",
      "--append-system-prompt",
      "Be brief",
      "--plugin-dir",
      "/plugin",
      "--model",
      "opus",
      "fix it"
    ])
  })

  it.each([
    [["--name", "mine"], "--name"],
    [["-n", "mine"], "--name"],
    [["--name=mine"], "--name"],
    [["--resume", ID], "--session-id"],
    [["-c"], "--session-id"],
    [["--session-id=x"], "--session-id"],
    [["--append-system-prompt", "x"], "--append-system-prompt"]
  ])("leaves out what the user says with %j", (users, flag) => {
    const ours = joinedArguments(groups, users).slice(0, -users.length)

    assert.notInclude(ours, flag)
    assert.include(ours, "--plugin-dir")
  })

  it("takes what stands after a second mark for text", () => {
    assert.include(joinedArguments(groups, ["--", "-c"]), "--session-id")
  })
})

describe("claudeArguments", () => {
  it("goes on with a session, or with the newest", () => {
    const resumed = claudeArguments({ conversation: { type: "resumed", id: ID } })
    const continued = claudeArguments({ conversation: { type: "continued" } })

    assert.deepStrictEqual(joinedArguments(resumed, []), ["--resume", ID])
    assert.deepStrictEqual(joinedArguments(continued, []), ["--continue"])
  })
})
