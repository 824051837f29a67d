/**
 * `claudemesh down`: stops what `claudemesh up` or a verb has started.
 *
 * @module
 */
import { Effect } from "effect"
import { Command } from "effect/cli"
import { Output } from "../output.ts"
import { daemonStopped } from "../reports/daemon.ts"
import { stopDaemon } from "../stopping.ts"
import { declared } from "../verb.ts"

export const down = Command.make(
  "down",
  {},
  Effect.fn("down")(function*() {
    yield* (yield* Output).print(daemonStopped, yield* stopDaemon)
  })
).pipe(
  declared({
    description: "Stop the daemon, and the broker that up has started",
    examples: [{
      command: "claudemesh down",
      description: "What is not sent yet is kept, and sent when it runs again"
    }],
    report: daemonStopped
  })
)
