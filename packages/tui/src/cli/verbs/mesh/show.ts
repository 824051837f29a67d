/**
 * `claudemesh mesh show`: one mesh with its members and its history's head.
 *
 * @module
 */
import { Effect, Option } from "effect"
import { Argument, Command } from "effect/cli"
import { Mesh, meshRef } from "../../global_flags.ts"
import { LocalDaemon } from "../../local_daemon.ts"
import { Output } from "../../output.ts"
import { meshDetail } from "../../reports/mesh.ts"
import { declared } from "../../verb.ts"

export const show = Command.make(
  "show",
  {
    mesh: Argument.String("mesh").pipe(
      Argument.withDescription("Its name, or an id prefix of 6 or more (default: the current one)"),
      Argument.optional
    )
  },
  Effect.fn("mesh.show")(function*({ mesh }) {
    const daemon = yield* (yield* LocalDaemon).started
    const named = yield* Mesh
    const detail = yield* daemon.meshes.show({ query: meshRef(Option.orElse(mesh, () => named)) })
    yield* (yield* Output).print(meshDetail, detail)
  })
).pipe(
  declared({
    description: "Show a mesh with its members",
    examples: [{
      command: "claudemesh mesh show acme",
      description: "Who is in it, with which devices"
    }],
    report: meshDetail
  })
)
