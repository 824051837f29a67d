/**
 * `claudemesh message`: one message, sent or received.
 *
 * @module
 */
import { Command } from "effect/cli"
import { show } from "./show.ts"
import { status } from "./status.ts"

export const message = Command.make("message").pipe(
  Command.withDescription("Show one message, and how far it is"),
  Command.withExamples([{
    command: "claudemesh message status 0199f3a2",
    description: "How far it is"
  }]),
  Command.withSubcommands([show, status])
)
