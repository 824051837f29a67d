/**
 * `claudemesh session role`, `groups` and `caps`: what an agent run is for, and what it is limited to.
 *
 * @module
 */
import { Effect } from "effect"
import { Argument, Command } from "effect/cli"
import { CAPABILITIES, capsIn } from "../../../launch/caps.ts"
import { groupsIn } from "../../../launch/groups.ts"
import { roleIn } from "../../../launch/role.ts"
import { LocalDaemon } from "../../local_daemon.ts"
import { Output } from "../../output.ts"
import { sessionRevised } from "../../reports/session.ts"
import { declared } from "../../verb.ts"
import { running, sessionArgument as session } from "./running.ts"

export const role = Command.make(
  "role",
  {
    session,
    role: Argument.String("role").pipe(
      Argument.withDescription("What it does, in a word such as reviewer; \"\" for none")
    )
  },
  Effect.fn("session.role")(function*({ role: typed, session }) {
    const role = yield* Effect.fromResult(roleIn(typed))
    const daemon = yield* (yield* LocalDaemon).started
    const { id } = yield* running(daemon, session)
    const revised = yield* daemon.sessions.revise({ params: { id }, payload: { role } })
    yield* (yield* Output).print(sessionRevised, revised)
  })
).pipe(
  declared({
    description: "Say what an agent that runs here does",
    examples: [{ command: "claudemesh session role api reviewer", description: "It reviews" }],
    report: sessionRevised
  })
)

export const groups = Command.make(
  "groups",
  {
    session,
    groups: Argument.String("groups").pipe(
      Argument.withDescription(
        "All its groups, and what it is in them: frontend:lead,reviewers; \"\" for none"
      )
    )
  },
  Effect.fn("session.groups")(function*({ groups: typed, session }) {
    const groups = yield* Effect.fromResult(groupsIn(typed))
    const daemon = yield* (yield* LocalDaemon).started
    const { id } = yield* running(daemon, session)
    const revised = yield* daemon.sessions.revise({ params: { id }, payload: { groups } })
    yield* (yield* Output).print(sessionRevised, revised)
  })
).pipe(
  declared({
    description: "Say in which groups an agent that runs here is",
    examples: [{
      command: "claudemesh session groups api frontend:lead,reviewers",
      description: "In two, and the lead of one"
    }],
    report: sessionRevised
  })
)

export const caps = Command.make(
  "caps",
  {
    session,
    caps: Argument.String("caps").pipe(
      Argument.withDescription(
        `All that it may do at the mesh, with commas: ${CAPABILITIES}; all for no limit`
      )
    )
  },
  Effect.fn("session.caps")(function*({ caps: typed, session }) {
    const caps = yield* Effect.fromResult(capsIn(typed))
    const daemon = yield* (yield* LocalDaemon).started
    const { id } = yield* running(daemon, session)
    const revised = yield* daemon.sessions.revise({ params: { id }, payload: { caps } })
    yield* (yield* Output).print(sessionRevised, revised)
  })
).pipe(
  declared({
    description:
      "Limit what an agent that runs here may do at the mesh; typed outside of the agent",
    examples: [
      { command: "claudemesh session caps api dm,read", description: "Send and read messages" },
      { command: "claudemesh session caps api all", description: "No limit" }
    ],
    report: sessionRevised
  })
)
