/**
 * `claudemesh daemon`: the background process of this machine.
 *
 * @module
 */
import { Command } from "effect/cli"
import { run } from "./run.ts"
import { start } from "./start.ts"
import { status } from "./status.ts"
import { stop } from "./stop.ts"

export const daemon = Command.make("daemon").pipe(
  Command.withDescription("Run, start, stop and look at the background process"),
  Command.withExamples([{ command: "claudemesh daemon status", description: "Whether it runs" }]),
  Command.withSubcommands([run, start, stop, status])
)
