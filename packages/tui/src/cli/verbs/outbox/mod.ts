/**
 * `claudemesh outbox`: what this machine has accepted to send.
 *
 * @module
 */
import { Command } from "effect/cli"
import { cancel } from "./cancel.ts"
import { list } from "./list.ts"
import { requeue } from "./requeue.ts"
import { show } from "./show.ts"

export const outbox = Command.make("outbox").pipe(
  Command.withDescription("What is on its way, why it waits, and what may be done about it"),
  Command.withExamples([{ command: "claudemesh outbox list", description: "What is on its way" }]),
  Command.withSubcommands([list, show, requeue, cancel])
)
