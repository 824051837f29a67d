/**
 * `claudemesh mesh leave`: takes this device out of a mesh.
 *
 * @module
 */
import { LeftMesh } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { LocalDaemon } from "../../local_daemon.ts"
import { Output } from "../../output.ts"
import { itemReport } from "../../report.ts"
import { safeLine } from "../../terminal_text.ts"
import { declared } from "../../verb.ts"

const left = itemReport({
  kind: "mesh.left",
  schema: LeftMesh,
  fields: Object.keys(LeftMesh.fields),
  text: ({ announced, name }) =>
    announced
      ? `Left ${safeLine(name)}; its members know`
      : `Forgot ${safeLine(name)} on this machine; its members were not told`
})

export const leave = Command.make(
  "leave",
  {
    mesh: Argument.String("mesh").pipe(
      Argument.withDescription("Its name, or an id prefix of 6 or more")
    ),
    force: Flag.Boolean("force").pipe(
      Flag.withDescription(
        "Forget it here even if its broker cannot be told, or you are its last admin"
      ),
      Flag.withDefault(false)
    )
  },
  Effect.fn("mesh.leave")(function*({ force, mesh }) {
    const daemon = yield* (yield* LocalDaemon).started
    const payload = { mesh, ...(force && { force }) }
    yield* (yield* Output).print(left, yield* daemon.meshes.leave({ payload }))
  })
).pipe(
  declared({
    description: "Leave a mesh",
    examples: [{
      command: "claudemesh mesh leave acme",
      description: "To come back, you need a new invite"
    }],
    report: left
  })
)
