/**
 * `claudemesh invite`: offering membership, and taking the offer back.
 *
 * @module
 */
import { Command } from "effect/cli"
import { create } from "./create.ts"
import { list } from "./list.ts"
import { revoke } from "./revoke.ts"

export const invite = Command.make("invite").pipe(
  Command.withDescription("Make, list and revoke invite links"),
  Command.withExamples([{
    command: "claudemesh invite create",
    description: "A link for one person"
  }]),
  Command.withSubcommands([create, list, revoke])
)
