/**
 * Messages to a real Claude Code client whose agent has sent out a sub-agent.
 *
 * A sub-agent fires the hooks of its parent, under its parent's name. What comes is for the agent that was written
 * to: it stands in the main conversation once, and in none of a sub-agent's requests.
 *
 * @module
 */
import { call, say, type ScriptedApi, shows, withoutClaude } from "@claudemesh/testkit/claude_code"
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import {
  makeClaudeMesh,
  makeWorkplace,
  sendText,
  statusOf,
  timesShown,
  untilState
} from "./testing/claude_mesh.ts"

const TIMEOUT = 120_000

/** The ways by which a busy agent is shown what comes. */
const CARRIERS = ["socket", "hook"] as const

/** Has the client run a sub-agent within the turn of its parent. */
const IN_THE_FOREGROUND = { CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: "1" }

const SUBAGENT = call("Agent", {
  description: "Look around",
  prompt: "Look around here",
  subagent_type: "general-purpose"
})

describe.skipIf(withoutClaude())("a message to an agent that has sent out a sub-agent", () => {
  it.live(
    "wakes the agent, which rests, while the sub-agent goes on without it",
    () =>
      Effect.gen(function*() {
        const { ada, bob } = yield* makeClaudeMesh()
        const workplace = yield* makeWorkplace(ada)
        const { api } = workplace
        yield* api.play(SUBAGENT, say("Sent off"), say("Noted"), say("Heard"))
        yield* api.playSubagents(echo("inner-one"), echo("inner-two"), say("I looked"))
        const gate = yield* gateOfSubagent(api, 1)
        const session = yield* workplace.start()
        yield* session.submit("send someone")
        yield* gate.reached
        yield* session.awaitScreen("Sent off")

        const id = yield* sendText(bob, "ada", "for you alone")
        yield* api.awaitRequest((one) => one.kind === "main" && shows(one, "for you alone"))
        yield* untilState(bob, id, "in_context")
        yield* gate.open

        yield* api.awaitRequest((one) => one.kind === "main" && shows(one, "I looked"))
        assert.isFalse(wasShownToSubagent(api, "for you alone"))
        assert.strictEqual(timesShown(workplace, "for you alone"), 1)
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    TIMEOUT
  )

  for (const carrier of CARRIERS) {
    it.live(
      `waits for the agent's own tools, though the sub-agent uses some, where it comes by ${carrier}`,
      () =>
        Effect.gen(function*() {
          const { ada, bob } = yield* makeClaudeMesh()
          const workplace = yield* makeWorkplace(ada, { env: { CLAUDEMESH_CARRIERS: carrier } })
          const { api } = workplace
          yield* api.play(SUBAGENT, echo("own-one"), say("Done"), say("Heard"))
          yield* api.playSubagents(echo("inner-one"), echo("inner-two"), say("I looked"))
          const [main, sub] = [yield* api.gate(1), yield* gateOfSubagent(api, 1)]
          const session = yield* workplace.start()
          yield* session.submit("send someone")
          yield* Effect.all([main.reached, sub.reached])

          const id = yield* sendText(bob, "ada", "for you alone")
          yield* untilState(bob, id, "inboxed")
          yield* workplace.posted
          yield* sub.open
          yield* awaitSubagent(api, 2)
          assert.strictEqual((yield* statusOf(bob, id)).state, "inboxed")
          yield* main.open

          assert.isTrue(shows(yield* api.awaitMain(2), "for you alone"))
          const { recipients } = yield* untilState(bob, id, "in_context")
          assert.deepStrictEqual(recipients.map((one) => one.carrier), [carrier])
          assert.isFalse(wasShownToSubagent(api, "for you alone"))
          assert.strictEqual(timesShown(workplace, "for you alone"), 1)
        }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
      TIMEOUT
    )

    it.live(
      `comes with what the sub-agent found, where the agent waits for it and it comes by ${carrier}`,
      () =>
        Effect.gen(function*() {
          const { ada, bob } = yield* makeClaudeMesh()
          const env = { CLAUDEMESH_CARRIERS: carrier, ...IN_THE_FOREGROUND }
          const workplace = yield* makeWorkplace(ada, { env })
          const { api } = workplace
          yield* api.play(SUBAGENT, say("Done"))
          yield* api.playSubagents(echo("inner-one"), echo("inner-two"), say("I looked"))
          const gate = yield* gateOfSubagent(api, 1)
          const session = yield* workplace.start()
          yield* session.submit("send someone")
          yield* gate.reached

          const id = yield* sendText(bob, "ada", "for you alone")
          yield* untilState(bob, id, "inboxed")
          yield* workplace.posted
          assert.strictEqual((yield* statusOf(bob, id)).state, "inboxed")
          yield* gate.open

          const next = yield* api.awaitMain(1)
          assert.isTrue(shows(next, "I looked"))
          assert.isTrue(shows(next, "for you alone"))
          yield* untilState(bob, id, "in_context")
          assert.isFalse(wasShownToSubagent(api, "for you alone"))
          assert.strictEqual(timesShown(workplace, "for you alone"), 1)
        }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
      TIMEOUT
    )
  }
})

function gateOfSubagent(api: ScriptedApi, wanted: number) {
  return api.gate(({ kind, number }) => kind === "subagent" && number === wanted)
}

function awaitSubagent(api: ScriptedApi, wanted: number) {
  return api.awaitRequest(({ kind, number }) => kind === "subagent" && number === wanted)
}

function wasShownToSubagent(api: ScriptedApi, text: string): boolean {
  return api.subagentRequests().some((one) => shows(one, text))
}

function echo(word: string) {
  return call("Bash", { command: `echo ${word}`, description: "Say a word" })
}
