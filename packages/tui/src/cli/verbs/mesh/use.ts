/**
 * `claudemesh mesh use`: chooses the mesh that verbs mean without `--mesh`.
 *
 * @module
 */
import { Effect } from "effect"
import { Argument, Command } from "effect/cli"
import { LocalDaemon } from "../../local_daemon.ts"
import { Output } from "../../output.ts"
import { meshDone } from "../../reports/mesh.ts"
import { declared } from "../../verb.ts"

const used = meshDone("mesh.used", ({ name }) => `${name} is the current mesh`)

export const use = Command.make(
  "use",
  {
    mesh: Argument.String("mesh").pipe(
      Argument.withDescription("Its name, or an id prefix of 6 or more")
    )
  },
  Effect.fn("mesh.use")(function*(payload) {
    const daemon = yield* (yield* LocalDaemon).started
    yield* (yield* Output).print(used, yield* daemon.meshes.use({ payload }))
  })
).pipe(
  declared({
    description: "Choose the current mesh",
    examples: [{ command: "claudemesh mesh use acme", description: "From now on, without --mesh" }],
    report: used
  })
)
