/**
 * `claudemesh mesh list`: the meshes of this machine.
 *
 * @module
 */
import { Effect } from "effect"
import { Command } from "effect/cli"
import { LocalDaemon } from "../../local_daemon.ts"
import { Output } from "../../output.ts"
import { meshList } from "../../reports/mesh.ts"
import { declared } from "../../verb.ts"

export const list = Command.make(
  "list",
  {},
  Effect.fn("mesh.list")(function*() {
    const daemon = yield* (yield* LocalDaemon).started
    const { items } = yield* daemon.meshes.list({})
    yield* (yield* Output).print(meshList, { items })
  })
).pipe(
  declared({
    description: "List the meshes of this machine",
    examples: [{
      command: "claudemesh mesh list --json name,current",
      description: "For a program"
    }],
    report: meshList
  })
)
