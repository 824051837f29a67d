/**
 * `claudemesh session mode` and `claudemesh session status`: what a person wants of an agent run.
 *
 * @module
 */
import type { Daemon } from "@claudemesh/daemon"
import { type Refused, refused } from "@claudemesh/protocol/errors"
import { Session } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { Argument, Command } from "effect/cli"
import { LocalDaemon } from "../../local_daemon.ts"
import { Output } from "../../output.ts"
import { sessionRevised } from "../../reports/session.ts"
import { declared } from "../../verb.ts"

const session = Argument.String("session").pipe(
  Argument.withDescription("An agent that runs here: its name, or a prefix of 6 or more of its id")
)

/** The agent run that is meant. */
const named = Effect.fnUntraced(function*(daemon: Daemon["Service"], typed: string) {
  const { items } = yield* daemon.sessions.list({})
  const wanted = typed.toLowerCase()
  const found = items.find(({ name }) => name === wanted) ??
    items.find(({ id }) => wanted.length >= 6 && id.startsWith(wanted))
  return found === undefined ? yield* notThere(typed, items) : found.id
})

function notThere(typed: string, items: ReadonlyArray<Session>): Effect.Effect<never, Refused> {
  return Effect.fail(refused("session_not_found", `No agent "${typed}" runs here`, {
    candidates: items.map(({ name }) => name)
  }))
}

export const mode = Command.make(
  "mode",
  {
    session,
    mode: Argument.Literals("mode", Session.fields.mode.literals).pipe(
      Argument.withDescription(
        "push: messages reach it by themselves; inbox: it has to ask; off: none are for it"
      )
    )
  },
  Effect.fn("session.mode")(function*({ mode, session }) {
    const daemon = yield* (yield* LocalDaemon).started
    const id = yield* named(daemon, session)
    const revised = yield* daemon.sessions.revise({ params: { id }, payload: { mode } })
    yield* (yield* Output).print(sessionRevised, revised)
  })
).pipe(
  declared({
    description: "Choose how messages come to an agent that runs here",
    examples: [{ command: "claudemesh session mode api inbox", description: "Push nothing to it" }],
    report: sessionRevised
  })
)

export const status = Command.make(
  "status",
  {
    session,
    status: Argument.Literals("status", Session.fields.status.literals).pipe(
      Argument.withDescription("dnd: only what is sent with --priority now; idle takes that back")
    )
  },
  Effect.fn("session.status")(function*({ session, status }) {
    const daemon = yield* (yield* LocalDaemon).started
    const id = yield* named(daemon, session)
    const revised = yield* daemon.sessions.revise({
      params: { id },
      payload: { status: { is: status, source: "manual" } }
    })
    yield* (yield* Output).print(sessionRevised, revised)
  })
).pipe(
  declared({
    description: "Say what an agent that runs here is doing, or that it is not to be disturbed",
    examples: [{ command: "claudemesh session status api dnd", description: "Leave it alone" }],
    report: sessionRevised
  })
)
