/**
 * `claudemesh daemon status`: whether the daemon runs.
 *
 * @module
 */
import { Effect } from "effect"
import { Command } from "effect/cli"
import { errorTable } from "@claudemesh/protocol/errors"
import { EndedWith } from "../../failure.ts"
import { Output } from "../../output.ts"
import { daemonStatus } from "../../reports/daemon.ts"
import { declared } from "../../verb.ts"
import { daemonView } from "../status.ts"

export const status = Command.make(
  "status",
  {},
  Effect.fn("daemon.status")(function*() {
    const view = yield* daemonView
    yield* (yield* Output).print(daemonStatus, view)
    if (!view.running) return yield* new EndedWith({ exit: errorTable.daemon_not_running.exit })
  })
).pipe(
  declared({
    description: "Say whether the daemon runs; exit code 7 if not",
    examples: [{ command: "claudemesh daemon status", description: "For a script: its exit code" }],
    report: daemonStatus
  })
)
