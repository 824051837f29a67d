/**
 * `claudemesh held list`: what waits for a human before an agent is shown it.
 *
 * @module
 */
import { Effect } from "effect"
import { Command } from "effect/cli"
import { Mesh, meshRef } from "../../global_flags.ts"
import { LocalDaemon } from "../../local_daemon.ts"
import { Output } from "../../output.ts"
import { heldList } from "../../reports/held.ts"
import { declared } from "../../verb.ts"

export const list = Command.make(
  "list",
  {},
  Effect.fn("held.list")(function*() {
    const daemon = yield* (yield* LocalDaemon).started
    const { items } = yield* daemon.surfacing.held({ query: meshRef(yield* Mesh) })
    yield* (yield* Output).print(heldList, { items }, {
      next: items.slice(0, 1).map(({ message }) => ({
        cmd: `claudemesh held accept ${message.id}`,
        why: "let the agent see it"
      }))
    })
  })
).pipe(
  declared({
    description: "List what waits for you before an agent is shown it, and why",
    examples: [
      { command: "claudemesh held list", description: "All that waits" },
      { command: "claudemesh held list --json because", description: "For a program" }
    ],
    report: heldList
  })
)
