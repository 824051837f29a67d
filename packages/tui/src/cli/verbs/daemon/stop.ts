/**
 * `claudemesh daemon stop`: stops the daemon.
 *
 * @module
 */
import { Effect } from "effect"
import { Command } from "effect/cli"
import { Output } from "../../output.ts"
import { daemonStopped } from "../../reports/daemon.ts"
import { stopDaemon } from "../../stopping.ts"
import { declared } from "../../verb.ts"

export const stop = Command.make(
  "stop",
  {},
  Effect.fn("daemon.stop")(function*() {
    yield* (yield* Output).print(daemonStopped, yield* stopDaemon)
  })
).pipe(
  declared({
    description: "Stop the daemon",
    examples: [{
      command: "claudemesh daemon stop",
      description: "The next verb that needs it starts it again"
    }],
    report: daemonStopped
  })
)
