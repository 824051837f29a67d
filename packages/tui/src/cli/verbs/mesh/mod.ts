/**
 * `claudemesh mesh`: the meshes of this machine.
 *
 * @module
 */
import { Command } from "effect/cli"
import { create } from "./create.ts"
import { leave } from "./leave.ts"
import { list } from "./list.ts"
import { show } from "./show.ts"
import { use } from "./use.ts"

export const mesh = Command.make("mesh").pipe(
  Command.withDescription("Found, choose, look at and leave meshes"),
  Command.withExamples([{ command: "claudemesh mesh list", description: "What there is" }]),
  Command.withSubcommands([create, list, use, show, leave])
)
