/**
 * Hundreds of messages to real sessions of Claude Code: at rest, at work, asked for a permission, with a daemon that
 * is killed, ended and resumed, and with nothing but hooks.
 *
 * Each stands in the requests to the model exactly once, and its sender is told what they show, and not before they
 * show it. It takes minutes, and runs with `npm run test:claude`.
 *
 * @module
 */
import {
  call,
  type ClaudeSession,
  say,
  type ScriptedApi,
  shows
} from "@claudemesh/testkit/claude_code"
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { makeClaudeMesh, makeWorkplace, sessionsOf, until } from "./testing/claude_mesh.ts"
import { misfits, type Numbered, sendMany, untilAll, withoutSoak } from "./testing/claude_soak.ts"

const TIMEOUT = 300_000

const RESUMED = "00000000-0000-4000-8000-00000000000b"

describe.skipIf(withoutSoak())("a hundred messages to a session of Claude Code", () => {
  it.live(
    "are each shown once where they come few at a time to an agent at rest",
    () =>
      Effect.gen(function*() {
        const { ada, bob } = yield* makeClaudeMesh()
        const workplace = yield* makeWorkplace(ada)
        yield* workplace.start()

        const messages = yield* rounds(20, (round) =>
          Effect.gen(function*() {
            const sent = yield* sendMany(bob, `rest-${round}`, 5)
            yield* untilAll(bob, sent, "in_context")
            return sent
          }))

        assert.deepStrictEqual(yield* misfits(bob, workplace, messages), [])
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    TIMEOUT
  )

  it.live(
    "are each shown once, with the very next request, where they come between the tools of an agent at work",
    () =>
      Effect.gen(function*() {
        const { ada, bob } = yield* makeClaudeMesh()
        const workplace = yield* makeWorkplace(ada)
        const session = yield* workplace.start()

        const messages = yield* rounds(10, (round) =>
          Effect.gen(function*() {
            const between = yield* begin(workplace.api, session, `work-${round}`)
            const sent = yield* sendMany(bob, `work-${round}`, 10)
            yield* untilAll(bob, sent, "inboxed")
            yield* workplace.posted
            const { number } = yield* between.reached
            yield* between.open
            const next = yield* workplace.api.awaitMain(number + 1)
            assert.deepStrictEqual(sent.filter(({ text }) => !shows(next, text)), [])
            yield* untilAll(bob, sent, "in_context")
            return sent
          }))

        assert.deepStrictEqual(yield* misfits(bob, workplace, messages), [])
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    TIMEOUT
  )

  it.live(
    "are each shown once where they come while its user is asked for a permission",
    () =>
      Effect.gen(function*() {
        const { ada, bob } = yield* makeClaudeMesh()
        const workplace = yield* makeWorkplace(ada, { permissionMode: "default", allow: [] })
        const session = yield* workplace.start()

        const messages = yield* rounds(5, (round) =>
          Effect.gen(function*() {
            const touch = { command: `touch ${round}`, description: "Touch" }
            yield* workplace.api.play(call("Bash", touch), say("Touched"))
            yield* session.submit(`touch ${round}`)
            yield* session.awaitScreen("Do you want to")
            const sent = yield* sendMany(bob, `asked-${round}`, 20)
            yield* untilAll(bob, sent, "inboxed")
            yield* workplace.posted
            yield* session.press("enter")
            yield* untilAll(bob, sent, "in_context")
            return sent
          }))

        assert.deepStrictEqual(yield* misfits(bob, workplace, messages), [])
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    TIMEOUT
  )

  it.live(
    "are each shown once where the daemon is killed between them, in the middle of a turn",
    () =>
      Effect.gen(function*() {
        const { ada, bob } = yield* makeClaudeMesh()
        const workplace = yield* makeWorkplace(ada)
        const session = yield* workplace.start()

        const messages = yield* rounds(5, (round) =>
          Effect.gen(function*() {
            const between = yield* begin(workplace.api, session, `killed-${round}`)
            const before = yield* sendMany(bob, `before-${round}`, 10)
            // Wherever they are by now, the daemon is killed there.
            yield* ada.kill
            const after = yield* sendMany(bob, `after-${round}`, 10)
            yield* ada.start
            yield* untilAll(bob, after, "inboxed")
            yield* between.open
            const sent = [...before, ...after]
            yield* untilAll(bob, sent, "in_context")
            return sent
          }))

        assert.deepStrictEqual(yield* misfits(bob, workplace, messages), [])
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    TIMEOUT
  )

  it.live(
    "are each shown once where they come while no client runs, and it is resumed",
    () =>
      Effect.gen(function*() {
        const { ada, bob } = yield* makeClaudeMesh()
        const workplace = yield* makeWorkplace(ada)
        yield* workplace.api.play(say("Begun"))
        let session = yield* workplace.start("--session-id", RESUMED)
        yield* session.submit("begin")
        yield* session.awaitScreen("Begun")

        const messages = yield* rounds(5, (round) =>
          Effect.gen(function*() {
            yield* session.submit("/exit")
            yield* session.exit
            yield* until(sessionsOf(ada), ({ length }) => length === 0)
            const sent = yield* sendMany(bob, `resumed-${round}`, 20)
            yield* untilAll(bob, sent, "inboxed")
            session = yield* workplace.start("--resume", RESUMED)
            yield* untilAll(bob, sent, "in_context")
            return sent
          }))

        assert.deepStrictEqual(yield* misfits(bob, workplace, messages), [])
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    TIMEOUT
  )

  it.live(
    "are each shown once by hooks where the client's inbox is closed to them",
    () =>
      Effect.gen(function*() {
        const { ada, bob } = yield* makeClaudeMesh()
        const workplace = yield* makeWorkplace(ada, { env: { CLAUDEMESH_CARRIERS: "hook" } })
        const session = yield* workplace.start()

        const messages = yield* rounds(10, (round) =>
          Effect.gen(function*() {
            const between = yield* begin(workplace.api, session, `hooks-${round}`)
            const sent = yield* sendMany(bob, `hooks-${round}`, 10)
            yield* untilAll(bob, sent, "inboxed")
            yield* workplace.posted
            yield* between.open
            yield* untilAll(bob, sent, "in_context")
            return sent
          }))

        assert.deepStrictEqual(yield* misfits(bob, workplace, messages), [])
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    TIMEOUT
  )
})

/** One round after the other; answers with the messages of all. */
const rounds = Effect.fnUntraced(function*<E, R>(
  count: number,
  round: (nth: number) => Effect.Effect<ReadonlyArray<Numbered>, E, R>
) {
  const sent = yield* Effect.forEach(Array.from({ length: count }, (_, nth) => nth), round)
  return sent.flat()
})

/** The agent begins a turn, and is stopped between its first tool and its second; answers with what lets it go on. */
const begin = Effect.fnUntraced(function*(api: ScriptedApi, session: ClaudeSession, name: string) {
  const gate = yield* api.gate(api.mainRequests().length + 1)
  yield* api.play(echo(`${name}-one`), echo(`${name}-two`), say(`Done ${name}`))
  yield* session.submit(`go ${name}`)
  yield* gate.reached
  return gate
})

function echo(word: string) {
  return call("Bash", { command: `echo ${word}`, description: "Say a word" })
}
