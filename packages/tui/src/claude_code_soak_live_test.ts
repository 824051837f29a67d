/**
 * Hundreds of messages to real sessions of Claude Code: at rest, at work, asked for a permission, with a daemon that
 * is killed, ended and resumed, and with nothing but hooks.
 *
 * Each stands in the requests to the model exactly once, and its sender is told what they show, and not before they
 * show it. It takes minutes, and runs with `npm run test:claude`.
 *
 * @module
 */
import { call, type ClaudeSession, say, shows } from "@claudemesh/testkit/claude_code"
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, type Scope } from "effect"
import type { Refused } from "@claudemesh/protocol/errors"
import {
  type ClaudeMeshOptions,
  makeClaudeMesh,
  makeWorkplace,
  sessionsOf,
  until
} from "./testing/claude_mesh.ts"
import { misfits, type Numbered, sendMany, untilAll, withoutSoak } from "./testing/claude_soak.ts"

const TIMEOUT = 300_000

const RESUMED = "00000000-0000-4000-8000-00000000000b"

/** Two people, and the session of one of them to which the other one writes. */
interface Place extends Effect.Success<ReturnType<typeof makeClaudeMesh>> {
  readonly workplace: Effect.Success<ReturnType<typeof makeWorkplace>>
  session: ClaudeSession
}

type Around = Scope.Scope | NodeServices.NodeServices

/** What an agent is in while it is written to. */
interface Situation {
  /** What becomes of a hundred messages in it. */
  readonly title: string
  readonly options?: ClaudeMeshOptions
  readonly args?: ReadonlyArray<string>
  readonly rounds: number
  /** Sends some, and waits until they are wherever they stay in that situation. */
  readonly round: (
    place: Place,
    nth: number
  ) => Effect.Effect<ReadonlyArray<Numbered>, Refused, Around>
}

const situations: ReadonlyArray<Situation> = [
  {
    title: "where they come few at a time to an agent at rest",
    rounds: 20,
    round: ({ bob }, nth) => sendMany(bob, `rest-${nth}`, 5)
  },
  {
    title: "with the very next request, where they come between the tools of an agent at work",
    rounds: 10,
    round: Effect.fnUntraced(function*(place, nth) {
      const { api } = place.workplace
      const between = yield* begin(place, `work-${nth}`)
      const sent = yield* sendMany(place.bob, `work-${nth}`, 10)
      yield* handedOver(place, sent)
      const { number } = yield* between.reached
      yield* between.open
      const next = yield* api.awaitMain(number + 1)
      assert.deepStrictEqual(sent.filter(({ text }) => !shows(next, text)), [])
      return sent
    })
  },
  {
    title: "where they come while its user is asked for a permission",
    options: { permissionMode: "default", allow: [] },
    rounds: 5,
    round: Effect.fnUntraced(function*(place, nth) {
      const { bob, session, workplace: { api } } = place
      yield* api.play(
        call("Bash", { command: `touch ${nth}`, description: "Touch" }),
        say("Touched")
      )
      yield* session.submit(`touch ${nth}`)
      yield* session.awaitScreen("Do you want to")
      const sent = yield* sendMany(bob, `asked-${nth}`, 20)
      yield* handedOver(place, sent)
      yield* session.press("enter")
      return sent
    })
  },
  {
    title: "where the daemon is killed between them, in the middle of a turn",
    rounds: 5,
    round: Effect.fnUntraced(function*(place, nth) {
      const { ada, bob } = place
      const between = yield* begin(place, `killed-${nth}`)
      const before = yield* sendMany(bob, `before-${nth}`, 10)
      // Wherever they are by now, the daemon is killed there.
      yield* ada.kill
      const after = yield* sendMany(bob, `after-${nth}`, 10)
      yield* ada.start
      yield* untilAll(bob, after, "inboxed")
      yield* between.open
      return [...before, ...after]
    })
  },
  {
    title: "where they come while no client runs, and it is resumed",
    args: ["--session-id", RESUMED],
    rounds: 5,
    round: Effect.fnUntraced(function*(place, nth) {
      const { ada, bob, session, workplace } = place
      yield* workplace.api.play(say(`Begun ${nth}`))
      yield* session.submit("begin")
      yield* session.awaitScreen(`Begun ${nth}`)
      yield* session.submit("/exit")
      yield* session.exit
      yield* until(sessionsOf(ada), ({ length }) => length === 0)
      const sent = yield* sendMany(bob, `resumed-${nth}`, 20)
      yield* untilAll(bob, sent, "inboxed")
      place.session = yield* workplace.start("--resume", RESUMED)
      return sent
    })
  },
  {
    title: "by hooks, where the client's inbox is closed to them",
    options: { env: { CLAUDEMESH_CARRIERS: "hook" } },
    rounds: 10,
    round: Effect.fnUntraced(function*(place, nth) {
      const between = yield* begin(place, `hooks-${nth}`)
      const sent = yield* sendMany(place.bob, `hooks-${nth}`, 10)
      yield* handedOver(place, sent)
      yield* between.open
      return sent
    })
  }
]

describe.skipIf(withoutSoak())("a hundred messages to a session of Claude Code", () => {
  for (const { args = [], options = {}, round, rounds, title } of situations) {
    it.live(
      `are each shown once ${title}`,
      () =>
        Effect.gen(function*() {
          const mesh = yield* makeClaudeMesh()
          const workplace = yield* makeWorkplace(mesh.ada, options)
          const place = { ...mesh, workplace, session: yield* workplace.start(...args) }

          const sent = yield* Effect.forEach(
            Array.from({ length: rounds }, (_, nth) => nth),
            (nth) => Effect.tap(round(place, nth), (sent) => untilAll(mesh.bob, sent, "in_context"))
          )

          assert.deepStrictEqual(yield* misfits(mesh.bob, workplace, sent.flat()), [])
        }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
      TIMEOUT
    )
  }
})

/** They have come, and were handed to the client. */
function handedOver({ bob, workplace }: Place, sent: ReadonlyArray<Numbered>) {
  return Effect.andThen(untilAll(bob, sent, "inboxed"), workplace.posted)
}

/** The agent begins a turn, and is stopped between its first tool and its second; answers with what lets it go on. */
const begin = Effect.fnUntraced(function*({ session, workplace: { api } }: Place, name: string) {
  const gate = yield* api.gate(api.mainRequests().length + 1)
  yield* api.play(echo(`${name}-one`), echo(`${name}-two`), say(`Done ${name}`))
  yield* session.submit(`go ${name}`)
  yield* gate.reached
  return gate
})

function echo(word: string) {
  return call("Bash", { command: `echo ${word}`, description: "Say a word" })
}
