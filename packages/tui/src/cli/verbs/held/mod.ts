/**
 * `claudemesh held`: what waits for a human before an agent is shown it.
 *
 * @module
 */
import { Command } from "effect/cli"
import { accept, drop } from "./decide.ts"
import { list } from "./list.ts"
import { show } from "./show.ts"

export const held = Command.make("held").pipe(
  Command.withDescription("What waits for you before an agent is shown it"),
  Command.withExamples([{ command: "claudemesh held list", description: "What waits, and why" }]),
  Command.withSubcommands([list, show, accept, drop])
)
