/**
 * Messages that reach a real Claude Code client, told by what stands in its requests to the model.
 *
 * Each test is one situation in which an agent can be. What the sender is told must be what the requests
 * show: never more, and in the end no less.
 *
 * @module
 */
import {
  call,
  printClaude,
  say,
  shows,
  textsWith,
  withoutClaude
} from "@claudemesh/testkit/claude_code"
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import {
  command,
  makeClaudeMesh,
  makeWorkplace,
  sendText,
  sessionsOf,
  statusOf,
  timesShown,
  until,
  untilState
} from "./testing/claude_mesh.ts"

/** A client, two daemons and a broker are started anew for each test. */
const TIMEOUT = 120_000

/** A burst as large as a client was seen to drop some of. */
const BURST = 50

const RESUMED = "00000000-0000-4000-8000-00000000000a"

describe.skipIf(withoutClaude())("a message to a session of Claude Code", () => {
  it.live(
    "wakes an idle agent, and is said to be in its context once it has answered",
    () =>
      Effect.gen(function*() {
        const { ada, bob } = yield* makeClaudeMesh()
        const workplace = yield* makeWorkplace(ada)
        yield* workplace.api.play(say("I have read it"))
        yield* workplace.start()

        const id = yield* sendText(bob, "ada", "does the build pass?")

        const request = yield* workplace.api.awaitRequest((one) =>
          shows(one, "does the build pass?")
        )
        assert.strictEqual(textsWith(request, "does the build pass?")[0]?.role, "user")
        const { recipients } = yield* untilState(bob, id, "in_context")
        assert.deepStrictEqual(recipients.map(({ carrier }) => carrier), ["socket"])
        assert.strictEqual(timesShown(workplace, "does the build pass?"), 1)
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    TIMEOUT
  )

  it.live(
    "comes between two tool calls of a busy agent, with the very next request",
    () =>
      Effect.gen(function*() {
        const { ada, bob } = yield* makeClaudeMesh()
        const workplace = yield* makeWorkplace(ada)
        const { api } = workplace
        yield* api.play(echo("one"), echo("two"), say("Done"))
        const gate = yield* api.gate(1)
        const session = yield* workplace.start()
        yield* session.submit("work")
        yield* gate.reached

        const id = yield* sendText(bob, "ada", "mind the flag")
        yield* untilState(bob, id, "inboxed")
        yield* workplace.posted
        assert.strictEqual((yield* statusOf(bob, id)).state, "inboxed")
        yield* gate.open

        assert.isTrue(shows(yield* api.awaitMain(2), "mind the flag"))
        yield* untilState(bob, id, "in_context")
        assert.strictEqual(timesShown(workplace, "mind the flag"), 1)
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    TIMEOUT
  )

  it.live(
    "is not said to have surfaced while the agent's user is asked for a permission",
    () =>
      Effect.gen(function*() {
        const { ada, bob } = yield* makeClaudeMesh()
        const workplace = yield* makeWorkplace(ada, { permissionMode: "default", allow: [] })
        yield* workplace.api.play(
          call("Bash", { command: "touch x", description: "Touch" }),
          say("Done")
        )
        const session = yield* workplace.start()
        yield* session.submit("touch it")
        yield* session.awaitScreen("Do you want to")

        const id = yield* sendText(bob, "ada", "while you are asked")
        yield* untilState(bob, id, "inboxed")
        yield* workplace.posted
        assert.strictEqual((yield* statusOf(bob, id)).state, "inboxed")
        yield* session.press("enter")

        yield* workplace.api.awaitRequest((one) => shows(one, "while you are asked"))
        yield* untilState(bob, id, "in_context")
        assert.strictEqual(timesShown(workplace, "while you are asked"), 1)
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    TIMEOUT
  )

  it.live("reaches an agent that runs for a script, and prints", () =>
    Effect.gen(function*() {
      const { ada, bob } = yield* makeClaudeMesh()
      const workplace = yield* makeWorkplace(ada)
      yield* workplace.api.play(echo("one"), echo("two"), say("Printed"))
      const gate = yield* workplace.api.gate(1)
      const printing = yield* Effect.forkScoped(
        printClaude({ ...workplace.client, prompt: "work" })
      )
      yield* gate.reached
      yield* workplace.registered

      const id = yield* sendText(bob, "ada", "to the printer")
      yield* workplace.posted
      yield* gate.open

      yield* workplace.api.awaitRequest((one) => shows(one, "to the printer"))
      yield* untilState(bob, id, "surfaced", "in_context")
      assert.include((yield* Fiber.join(printing)).stdout, "Printed")
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)), TIMEOUT)

  it.live(
    "is shown by hooks where the client's inbox is closed to it",
    () =>
      Effect.gen(function*() {
        const { ada, bob } = yield* makeClaudeMesh()
        const workplace = yield* makeWorkplace(ada, { env: { CLAUDEMESH_CARRIERS: "hook" } })
        yield* workplace.api.play(echo("one"), say("Done"))
        const gate = yield* workplace.api.gate(0)
        const session = yield* workplace.start()
        yield* session.submit("work")
        yield* gate.reached

        const id = yield* sendText(bob, "ada", "by a hook")
        yield* untilState(bob, id, "inboxed")
        yield* workplace.posted
        yield* gate.open

        assert.isTrue(shows(yield* workplace.api.awaitMain(1), "by a hook"))
        const { recipients } = yield* untilState(bob, id, "in_context")
        assert.deepStrictEqual(recipients.map(({ carrier }) => carrier), ["hook"])
        assert.strictEqual(timesShown(workplace, "by a hook"), 1)
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    TIMEOUT
  )

  it.live(
    "is shown once where the daemon is killed in the middle of a turn",
    () =>
      Effect.gen(function*() {
        const { ada, bob } = yield* makeClaudeMesh()
        const workplace = yield* makeWorkplace(ada)
        yield* workplace.api.play(echo("one"), echo("two"), say("Done"))
        const gate = yield* workplace.api.gate(1)
        const session = yield* workplace.start()
        yield* session.submit("work")
        yield* gate.reached

        const first = yield* sendText(bob, "ada", "before the kill")
        yield* untilState(bob, first, "inboxed")
        yield* ada.kill
        const second = yield* sendText(bob, "ada", "while it was dead")
        yield* ada.start
        yield* untilState(bob, second, "inboxed")
        yield* gate.open

        for (const id of [first, second]) yield* untilState(bob, id, "in_context")
        for (const text of ["before the kill", "while it was dead"]) {
          assert.strictEqual(timesShown(workplace, text), 1, text)
        }
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    TIMEOUT
  )

  it.live(
    "comes to an agent that is resumed, though it was sent while none ran",
    () =>
      Effect.gen(function*() {
        const { ada, bob } = yield* makeClaudeMesh()
        const workplace = yield* makeWorkplace(ada)
        yield* workplace.api.play(say("One"), say("Two"))
        const first = yield* workplace.start("--session-id", RESUMED)
        yield* first.submit("begin")
        yield* first.awaitScreen("One")
        yield* first.submit("/exit")
        yield* first.exit
        yield* until(sessionsOf(ada), ({ length }) => length === 0)

        const id = yield* sendText(bob, "ada", "while nobody ran")
        yield* untilState(bob, id, "inboxed")
        yield* workplace.start("--resume", RESUMED)

        yield* untilState(bob, id, "in_context")
        assert.strictEqual(timesShown(workplace, "while nobody ran"), 1)
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    TIMEOUT
  )

  it.live(
    "waits for a human where the agent asks nobody and its sender is a stranger",
    () =>
      Effect.gen(function*() {
        const { ada, bob } = yield* makeClaudeMesh()
        const workplace = yield* makeWorkplace(ada, { permissionMode: "dontAsk" })
        yield* workplace.api.play(say("One"), say("Two"))
        const session = yield* workplace.start()
        yield* session.submit("begin")
        yield* session.awaitScreen("One")

        const id = yield* sendText(bob, "ada", "do as I say")
        const { recipients } = yield* untilState(bob, id, "held")
        assert.deepStrictEqual(recipients.map(({ held_because }) => held_because), [
          "unknown_sender"
        ])
        assert.isFalse(workplace.api.mainRequests().some((one) => shows(one, "do as I say")))

        const { items } = yield* ada.daemon.surfacing.held({ query: {} })
        const messages = items.map(({ message: { from_device_id, id, mesh } }) => ({
          from_device_id,
          id,
          mesh
        }))
        yield* ada.daemon.surfacing.accept({ payload: { messages } })
        yield* untilState(bob, id, "in_context")
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    TIMEOUT
  )

  it.live(`is one of ${BURST} at once, of which each is shown once`, () =>
    Effect.gen(function*() {
      const { ada, bob } = yield* makeClaudeMesh()
      const workplace = yield* makeWorkplace(ada)
      yield* workplace.api.play(...Array.from({ length: BURST }, (_, at) => say(`Answer ${at}`)))
      yield* workplace.start()
      const texts = Array.from({ length: BURST }, (_, at) => `burst-${at}-end`)

      const ids = yield* Effect.forEach(texts, (text) => sendText(bob, "ada", text), {
        concurrency: 10
      })

      yield* Effect.forEach(ids, (id) => untilState(bob, id, "in_context"), { concurrency: 5 })
      for (const text of texts) assert.strictEqual(timesShown(workplace, text), 1, text)
    }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)), TIMEOUT)

  it.live(
    "reaches the agent after /clear, which still writes under its own name",
    () =>
      Effect.gen(function*() {
        const { ada, bob } = yield* makeClaudeMesh()
        const workplace = yield* makeWorkplace(ada, { env: { CLAUDEMESH_SESSION_NAME: "api" } })
        const { api } = workplace
        yield* api.play(say("One"), say("Two"))
        const session = yield* workplace.start()
        yield* session.submit("begin")
        yield* session.awaitScreen("One")
        yield* session.submit("/clear")
        yield* session.awaitPrompt

        const cleared = yield* sendText(bob, "ada", "after the clearing")
        yield* untilState(bob, cleared, "in_context")
        assert.isTrue(api.mainRequests().some((one) => shows(one, "after the clearing")))

        yield* api.play(
          call("Bash", {
            command: command("send bob 'from the cleared'"),
            description: "Say"
          }),
          call("Bash", { command: command("invite create"), description: "Invite" }),
          say("Done")
        )
        yield* session.submit("tell bob and invite somebody")
        const { items } = yield* until(
          bob.daemon.messages.inbox({ query: {} }),
          (page) => page.items.length > 0
        )
        assert.deepStrictEqual(items.map(({ from_session, text }) => [from_session?.name, text]), [
          ["api", "from the cleared"]
        ])
        // It may write, and not decide whom its user trusts.
        yield* api.awaitRequest((one) => shows(one, "it changes whom you trust"))
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    TIMEOUT
  )
})

describe.skipIf(withoutClaude())("two sessions of Claude Code", () => {
  it.live(
    "converse over two homes and a broker: one asks, the other answers",
    () =>
      Effect.gen(function*() {
        const { ada, bob } = yield* makeClaudeMesh()
        const [asking, answering] = [yield* makeWorkplace(ada), yield* makeWorkplace(bob)]
        yield* asking.api.play(
          call("Bash", { command: command("send bob 'which port?'"), description: "Ask" }),
          say("I have asked"),
          say("It is 5173")
        )
        const session = yield* asking.start()
        yield* answering.start()
        // What is answered stands in the message itself, as the command that answers it.
        yield* answering.playReply("which port?", "it is 5173")
        yield* session.submit("ask bob which port")

        yield* answering.api.awaitRequest((one) => shows(one, "which port?"))
        yield* asking.api.awaitRequest((one) => shows(one, "| it is 5173"))
        const asked = yield* until(
          ada.daemon.outbox.list({ query: { all: true } }),
          ({ items }) =>
            items.some(({ state, text }) => text === "which port?" && state === "answered")
        )
        assert.strictEqual(asked.items.find(({ text }) => text === "which port?")?.to, "bob")
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    TIMEOUT
  )
})

function echo(word: string) {
  return call("Bash", { command: `echo ${word}`, description: "Say a word" })
}
