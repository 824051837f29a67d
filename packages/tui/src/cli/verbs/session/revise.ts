/**
 * `claudemesh session mode`, `status` and `unprompted`: what a person wants of an agent run.
 *
 * @module
 */
import { refused } from "@claudemesh/protocol/errors"
import { Session } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { Argument, Command } from "effect/cli"
import { LocalDaemon } from "../../local_daemon.ts"
import { Output } from "../../output.ts"
import { sessionRevised } from "../../reports/session.ts"
import { declared } from "../../verb.ts"
import { running, sessionArgument as session } from "./running.ts"

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
    const { id } = yield* running(daemon, session)
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
    const { id } = yield* running(daemon, session)
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

const ANSWERS = { yes: true, no: false } as const

export const unprompted = Command.make(
  "unprompted",
  {
    session,
    answer: Argument.Literals("answer", ["yes", "no"]).pipe(
      Argument.withDescription("yes: it acts without asking you, so strangers' messages are held")
    )
  },
  Effect.fn("session.unprompted")(function*({ answer, session }) {
    const daemon = yield* (yield* LocalDaemon).started
    const { id, name } = yield* running(daemon, session)
    const wanted = ANSWERS[answer]
    const payload = { unprompted: wanted }
    const revised = yield* daemon.sessions.revise({ params: { id }, payload })
    if (revised.unprompted !== wanted) {
      return yield* refused(
        "not_permitted",
        `Cannot say for agent "${name}" that it asks first: say so yourself, outside of the agent`
      )
    }
    yield* (yield* Output).print(sessionRevised, revised)
  })
).pipe(
  declared({
    description: "Say whether an agent that runs here acts without asking you first",
    examples: [{
      command: "claudemesh session unprompted api no",
      description: "It asks again, after it was started without permission prompts"
    }],
    report: sessionRevised
  })
)
