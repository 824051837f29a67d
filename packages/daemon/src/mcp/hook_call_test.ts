import type { ReviseSession } from "@claudemesh/protocol/local_api"
import { assert, describe, it } from "@effect/vitest"
import { answerHook } from "./hook_call.ts"
import { keyOf } from "./shown_message.ts"
import { HandDispatcher } from "./testing/hand_dispatcher.ts"
import { deviceOf, madeReceived } from "./testing/made_received.ts"

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

  it("has the client drop a stranger's post once it says that its agent asks nobody", () => {
    const hand = new HandDispatcher()
    hand.dispatcher.take(madeReceived(1), false, true)
    hand.dispatcher.take(madeReceived(2, { from_device_id: deviceOf(3) }), false)
    hand.clock.move(50)
    const call = { event: "UserPromptSubmit", prompt: hand.prompt() }

    const { output, revision } = answerHook(hand.dispatcher, {
      ...call,
      permission_mode: "bypassPermissions"
    })
    hand.clock.move(2_000)

    assert.strictEqual(output["decision"], "block")
    assert.deepStrictEqual(revision, { unprompted: true })
    assert.deepStrictEqual(hand.stagesOf(1), ["posted: socket", "held: unknown_sender"])
    assert.deepStrictEqual(hand.stagesOf(2), ["posted: socket", "posted: socket"])
    assert.notInclude(hand.posts.at(-1)?.text, "Message 1")
  })

  it("posts it in other words once a human has let it in, because a client drops what it had", () => {
    const hand = new HandDispatcher()
    const message = madeReceived(1)
    hand.dispatcher.take(message, false, true)
    hand.clock.move(50)
    answerHook(hand.dispatcher, {
      event: "UserPromptSubmit",
      prompt: hand.prompt(),
      permission_mode: "bypassPermissions"
    })
    hand.dispatcher.withdraw(keyOf(message))
    hand.dispatcher.take(message, false, false)
    hand.clock.move(2_000)

    assert.match(hand.posts[1]?.text ?? "", /^Your user has read this .*Message 1/s)
    assert.notStrictEqual(hand.posts[1]?.text, hand.posts[0]?.text)
  })

  it("keeps from an agent that asks nobody what a stranger wrote, with every hook", () => {
    const hand = new HandDispatcher({ inbox: "none" })
    hand.dispatcher.take(madeReceived(1), false, true)
    for (const [event, prompt] of [["UserPromptSubmit", "Hello"], ["PostToolBatch"], ["Stop"]]) {
      const call = { event: event ?? "", prompt: prompt ?? "", permission_mode: "dontAsk" }
      assert.deepStrictEqual(answerHook(hand.dispatcher, call).output, {})
    }
  })

  it("shows a stranger's message to an agent that asks", () => {
    const hand = new HandDispatcher()
    hand.dispatcher.take(madeReceived(1), false, true)
    hand.clock.move(50)
    answerHook(hand.dispatcher, {
      event: "UserPromptSubmit",
      prompt: hand.prompt(),
      permission_mode: "default"
    })

    assert.deepStrictEqual(hand.stagesOf(1), ["posted: socket", "surfaced: socket"])
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
