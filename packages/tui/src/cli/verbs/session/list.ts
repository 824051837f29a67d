/**
 * `claudemesh session list`: the agent runs of this machine.
 *
 * @module
 */
import { Effect } from "effect"
import { Command, Flag } from "effect/cli"
import { LocalDaemon } from "../../local_daemon.ts"
import { Output } from "../../output.ts"
import { sessionList } from "../../reports/session.ts"
import { declared } from "../../verb.ts"

export const list = Command.make(
  "list",
  {
    all: Flag.Boolean("all").pipe(
      Flag.withDefault(false),
      Flag.withDescription("Also those that have ended: claudemesh launch --resume SESSION")
    )
  },
  Effect.fn("session.list")(function*({ all }) {
    const daemon = yield* (yield* LocalDaemon).started
    const { items: live } = yield* daemon.sessions.list({})
    const ended = all ? (yield* daemon.sessions.ended({})).items : []
    yield* (yield* Output).print(sessionList, { items: [...live, ...ended] })
  })
).pipe(
  declared({
    description: "List the agents that run on this machine, and by what messages reach them",
    examples: [
      { command: "claudemesh session list", description: "Who runs here" },
      { command: "claudemesh session list --all", description: "And who can be resumed" },
      { command: "claudemesh session list --json name,status", description: "For a program" }
    ],
    report: sessionList
  })
)
