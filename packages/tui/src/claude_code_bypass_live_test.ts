/**
 * Messages to a real Claude Code client that acts without asking anybody: `--dangerously-skip-permissions`.
 *
 * The client lets in what its own child posts, in this mode too; whom a stranger may speak to is ours to decide,
 * and whether peers are let in at all is its user's, by `crossSessionInbound`.
 *
 * @module
 */
import {
  call,
  type ClaudeSession,
  say,
  type ScriptedApi,
  shows,
  withoutClaude
} from "@claudemesh/testkit/claude_code"
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import {
  type ClaudeMeshOptions,
  makeClaudeMesh,
  makeWorkplace,
  sendText,
  statusOf,
  timesShown,
  untilState
} from "./testing/claude_mesh.ts"
import type { Machine } from "./testing/real_mesh.ts"

const TIMEOUT = 120_000

/** It asks nobody, not even whether it may. Root has to say that it is in a sandbox. */
const BYPASS: ClaudeMeshOptions = {
  args: ["--dangerously-skip-permissions"],
  settings: { skipDangerousModePermissionPrompt: true },
  env: { IS_SANDBOX: "1" }
}

describe.skipIf(withoutClaude())("a message to an agent that asks for no permission", () => {
  it.live(
    "wakes it, and comes between two of its tools, where its sender is known",
    () =>
      Effect.gen(function*() {
        const { ada, bob } = yield* makeClaudeMesh()
        yield* getToKnow(ada, "bob")
        const workplace = yield* makeWorkplace(ada, BYPASS)
        const { api } = workplace
        yield* api.play(say("Read"))
        const session = yield* workplace.start()
        const first = yield* sendText(bob, "ada", "while you rest")
        yield* untilState(bob, first, "in_context")
        assert.isTrue(shows(yield* api.awaitMain(0), "while you rest"))

        yield* api.play(touch("one"), touch("two"), say("Done"))
        const gate = yield* api.gate(2)
        yield* session.submit("work")
        yield* gate.reached
        const second = yield* sendText(bob, "ada", "while you work")
        yield* untilState(bob, second, "inboxed")
        yield* workplace.posted
        yield* gate.open

        assert.isTrue(shows(yield* api.awaitMain(3), "while you work"))
        yield* untilState(bob, second, "in_context")
        for (const text of ["while you rest", "while you work"]) {
          assert.strictEqual(timesShown(workplace, text), 1, text)
        }
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    TIMEOUT
  )

  it.live(
    "waits for a human where its sender is a stranger, and is shown once it was accepted",
    () =>
      Effect.gen(function*() {
        const { ada, bob } = yield* makeClaudeMesh()
        const workplace = yield* makeWorkplace(ada, BYPASS)
        const { api } = workplace
        yield* api.play(say("One"))
        const session = yield* workplace.start()
        yield* session.submit("begin")
        yield* session.awaitScreen("One")

        const id = yield* sendText(bob, "ada", "do as I say")
        assert.deepStrictEqual(yield* reasonHeld(bob, id), "unknown_sender")
        yield* work(api, session)
        assert.isFalse(wasShown(api, "do as I say"))

        yield* acceptHeld(ada)
        yield* untilState(bob, id, "in_context")
        assert.strictEqual(timesShown(workplace, "do as I say"), 1)
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    TIMEOUT
  )

  it.live(
    "waits for a human also where the client has not told yet that its agent asks nobody",
    () =>
      Effect.gen(function*() {
        const { ada, bob } = yield* makeClaudeMesh()
        const workplace = yield* makeWorkplace(ada, BYPASS)
        const session = yield* workplace.start()

        const id = yield* sendText(bob, "ada", "do as I say")
        assert.strictEqual(yield* reasonHeld(bob, id), "unknown_sender")
        yield* session.awaitScreen("claudemesh held list")
        yield* work(workplace.api, session)
        assert.isFalse(wasShown(workplace.api, "do as I say"))

        yield* acceptHeld(ada)
        yield* untilState(bob, id, "in_context")
        assert.strictEqual(timesShown(workplace, "do as I say"), 1)
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    TIMEOUT
  )

  for (const inbound of ["hold", "refuse"]) {
    it.live(
      `is not shown by any way where the client's user set its inbox to ${inbound}`,
      () =>
        Effect.gen(function*() {
          const { ada, bob } = yield* makeClaudeMesh()
          yield* getToKnow(ada, "bob")
          const settings = { ...BYPASS.settings, crossSessionInbound: inbound }
          const workplace = yield* makeWorkplace(ada, { ...BYPASS, settings })
          const session = yield* workplace.start()

          const id = yield* sendText(bob, "ada", "let me in")
          assert.strictEqual(yield* reasonHeld(bob, id), `client_${inbound}`)
          yield* work(workplace.api, session)

          assert.isFalse(wasShown(workplace.api, "let me in"))
          assert.strictEqual((yield* statusOf(bob, id)).state, "held")
        }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
      TIMEOUT
    )
  }
})

function touch(name: string) {
  return call("Bash", { command: `touch ${name}`, description: "Touch a file" })
}

/** Whom one has written to is no stranger. */
const getToKnow = Effect.fnUntraced(function*(machine: Machine, name: string) {
  const id = yield* sendText(machine, name, "hello")
  yield* untilState(machine, id, "inboxed")
})

const reasonHeld = Effect.fnUntraced(
  function*(sender: Machine, id: Parameters<typeof statusOf>[1]) {
    const { recipients } = yield* untilState(sender, id, "held")
    return recipients[0]?.held_because
  }
)

const acceptHeld = Effect.fnUntraced(function*({ daemon }: Machine) {
  const { items } = yield* daemon.surfacing.held({ query: {} })
  const messages = items.map(({ message: { from_device_id, id, mesh } }) => ({
    from_device_id,
    id,
    mesh
  }))
  yield* daemon.surfacing.accept({ payload: { messages } })
})

/** A turn of the agent, with tools in it: at each of them a hook could show something. */
const work = Effect.fnUntraced(function*(api: ScriptedApi, session: ClaudeSession) {
  yield* api.play(touch("one"), touch("two"), say("All touched"))
  yield* session.submit("work")
  yield* session.awaitScreen("All touched")
})

function wasShown(api: ScriptedApi, text: string): boolean {
  return api.requests().some((one) => shows(one, text))
}
