/**
 * `claudemesh session`: the agent runs of this machine.
 *
 * @module
 */
import { Command } from "effect/cli"
import { caps, groups, role } from "./describe.ts"
import { list } from "./list.ts"
import { mode, status, unprompted } from "./revise.ts"
import { show } from "./show.ts"

export const session = Command.make("session").pipe(
  Command.withDescription("The agents that run on this machine"),
  Command.withExamples([{ command: "claudemesh session list", description: "Who runs here" }]),
  Command.withSubcommands([list, show, mode, status, role, groups, caps, unprompted])
)
