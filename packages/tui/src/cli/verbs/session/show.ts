/**
 * `claudemesh session show`: one agent run of this machine, and all that is known of it.
 *
 * @module
 */
import { Effect } from "effect"
import { Command } from "effect/cli"
import { LocalDaemon } from "../../local_daemon.ts"
import { Output } from "../../output.ts"
import { sessionDetail } from "../../reports/session.ts"
import { declared } from "../../verb.ts"
import { running, sessionArgument } from "./running.ts"

export const show = Command.make(
  "show",
  { session: sessionArgument },
  Effect.fn("session.show")(function*({ session }) {
    const daemon = yield* (yield* LocalDaemon).started
    yield* (yield* Output).print(sessionDetail, yield* running(daemon, session))
  })
).pipe(
  declared({
    description: "Show one agent that runs on this machine: what it is for, and what reaches it",
    examples: [{ command: "claudemesh session show api", description: "All of it" }],
    report: sessionDetail
  })
)
