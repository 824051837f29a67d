/**
 * `claudemesh daemon start`: starts the daemon in the background.
 *
 * @module
 */
import { Effect } from "effect"
import { Command } from "effect/cli"
import { LocalDaemon } from "../../local_daemon.ts"
import { Output } from "../../output.ts"
import { daemonStarted } from "../../reports/daemon.ts"
import { declared } from "../../verb.ts"
import { daemonView } from "../status.ts"

export const start = Command.make(
  "start",
  {},
  Effect.fn("daemon.start")(function*() {
    yield* (yield* LocalDaemon).started
    yield* (yield* Output).print(daemonStarted, yield* daemonView)
  })
).pipe(
  declared({
    description: "Start the daemon in the background; other verbs do it by themselves",
    examples: [{ command: "claudemesh daemon start", description: "It outlives this terminal" }],
    report: daemonStarted
  })
)
