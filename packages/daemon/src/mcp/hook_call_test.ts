import type { ReviseSession } from "@claudemesh/protocol/local_api"
import { assert, describe, it } from "@effect/vitest"
import { answerHook } from "./hook_call.ts"
import { HandDispatcher } from "./testing/hand_dispatcher.ts"
import { madeReceived } from "./testing/made_received.ts"

const WORKING: ReviseSession = { status: { is: "working", source: "hook" } }
const IDLE: ReviseSession = { status: { is: "idle", source: "hook" } }

describe("answerHook", () => {
  it("gives what waits with the words of a human, and says that one has spoken", () => {
    const { output, revision } = answerHook(withOne(), {
      event: "UserPromptSubmit",
      prompt: "Hello"
    })

    assert.strictEqual(eventOf(output), "UserPromptSubmit")
    assert.deepStrictEqual(revision, { ...WORKING, human: true })
  })

  it("takes nothing that a machine says for a human's word", () => {
    const { output, revision } = answerHook(withOne(), {
      event: "UserPromptSubmit",
      prompt: "<task-notification>\ndone"
    })

    assert.deepStrictEqual(output, {})
    assert.isFalse(revision.human)
  })

  it("gives what waits after a batch of tools", () => {
    const { output, revision } = answerHook(withOne(), { event: "PostToolBatch" })

    assert.strictEqual(eventOf(output), "PostToolBatch")
    assert.deepStrictEqual(revision, WORKING)
  })

  it("says that an agent rests which stops and is given nothing", () => {
    const dispatcher = withOne()

    const first = answerHook(dispatcher, { event: "Stop" })
    const second = answerHook(dispatcher, { event: "Stop" })

    assert.strictEqual(eventOf(first.output), "Stop")
    assert.deepStrictEqual(first.revision, WORKING)
    assert.deepStrictEqual(second, { output: {}, revision: IDLE })
  })

  it("leaves sub-agents alone", () => {
    const answer = answerHook(withOne(), { event: "PostToolBatch", agent_id: "a1" })

    assert.deepStrictEqual(answer, { output: {}, revision: {} })
  })

  it("takes a field that the client did not fill for none", () => {
    const { output, revision } = answerHook(withOne(), {
      event: "PostToolBatch",
      agent_id: "${agent_id}",
      permission_mode: "${permission_mode}"
    })

    assert.strictEqual(eventOf(output), "PostToolBatch")
    assert.notProperty(revision, "unprompted")
  })

  it.for(
    [
      ["bypassPermissions", true],
      ["dontAsk", true],
      ["acceptEdits", false],
      ["default", false],
      ["plan", false]
    ] as const
  )("says of mode %s whether the agent asks nobody: %s", ([mode, unprompted]) => {
    const { revision } = answerHook(withOne(), { event: "Stop", permission_mode: mode })

    assert.strictEqual(revision.unprompted, unprompted)
  })

  it("says that an agent rests whose client waits for its user", () => {
    const waiting = { event: "Notification", notification_type: "idle_prompt" }

    assert.deepStrictEqual(answerHook(withOne(), waiting).revision, IDLE)
  })

  it.for([
    { event: "Notification", notification_type: "permission_prompt" },
    { event: "Notification", notification_type: "" },
    { event: "PreCompact" }
  ])("passes over $event of type '$notification_type'", (call) => {
    assert.deepStrictEqual(answerHook(withOne(), call), { output: {}, revision: {} })
  })
})

function withOne() {
  const { dispatcher } = new HandDispatcher({ inbox: "none" })
  dispatcher.take(madeReceived(1), false)
  return dispatcher
}

function eventOf(output: Readonly<Record<string, unknown>>): unknown {
  const { hookSpecificOutput: answer } = output
  return typeof answer === "object" && answer !== null && "hookEventName" in answer
    ? answer.hookEventName
    : undefined
}
