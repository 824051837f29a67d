/**
 * `claudemesh broker`: the server in between.
 *
 * @module
 */
import { Command } from "effect/cli"
import { serve } from "./serve.ts"

export const broker = Command.make("broker").pipe(
  Command.withDescription("Serve the broker that meshes meet at"),
  Command.withExamples([{ command: "claudemesh broker serve", description: "On this machine" }]),
  Command.withSubcommands([serve])
)
