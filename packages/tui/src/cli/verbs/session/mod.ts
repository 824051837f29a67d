/**
 * `claudemesh session`: the agent runs of this machine.
 *
 * @module
 */
import { Command } from "effect/cli"
import { list } from "./list.ts"
import { mode, status } from "./revise.ts"

export const session = Command.make("session").pipe(
  Command.withDescription("The agents that run on this machine"),
  Command.withExamples([{ command: "claudemesh session list", description: "Who runs here" }]),
  Command.withSubcommands([list, mode, status])
)
