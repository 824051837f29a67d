/**
 * `claudemesh session list`: the agent runs of this machine.
 *
 * @module
 */
import { Effect } from "effect"
import { Command } from "effect/cli"
import { LocalDaemon } from "../../local_daemon.ts"
import { Output } from "../../output.ts"
import { sessionList } from "../../reports/session.ts"
import { declared } from "../../verb.ts"

export const list = Command.make(
  "list",
  {},
  Effect.fn("session.list")(function*() {
    const daemon = yield* (yield* LocalDaemon).started
    const { items } = yield* daemon.sessions.list({})
    yield* (yield* Output).print(sessionList, { items })
  })
).pipe(
  declared({
    description: "List the agents that run on this machine, and by what messages reach them",
    examples: [
      { command: "claudemesh session list", description: "Who runs here" },
      { command: "claudemesh session list --json name,status", description: "For a program" }
    ],
    report: sessionList
  })
)
