/**
 * `claudemesh mesh create`: founds a mesh at a broker.
 *
 * @module
 */
import { Effect } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { given } from "../../flags.ts"
import { LocalDaemon } from "../../local_daemon.ts"
import { Output } from "../../output.ts"
import { meshDone, youAre } from "../../reports/mesh.ts"
import { declared } from "../../verb.ts"

const created = meshDone("mesh.created", (mesh) => `Created ${mesh.name}; you are ${youAre(mesh)}`)

export const create = Command.make(
  "create",
  {
    name: Argument.String("name").pipe(Argument.withDescription("What to call it")),
    broker: Flag.String("broker").pipe(
      Flag.withMetavar("URL"),
      Flag.withDescription("The broker that carries it, such as https://mesh.example")
    ),
    member: Flag.String("name").pipe(
      Flag.withDescription("Your name there (default: your user name)"),
      Flag.optional
    ),
    device: Flag.String("device").pipe(
      Flag.withDescription("This machine's name there (default: its host name)"),
      Flag.optional
    ),
    code: Flag.String("code").pipe(
      Flag.withDescription("The first-admin code that the broker printed at its start"),
      Flag.optional
    )
  },
  Effect.fn("mesh.create")(function*({ broker, name, ...options }) {
    const daemon = yield* (yield* LocalDaemon).started
    const mesh = yield* daemon.meshes.create({ payload: { name, broker, ...given(options) } })
    yield* (yield* Output).print(created, mesh, {
      next: [{
        cmd: `claudemesh invite create --mesh ${mesh.name}`,
        why: "a link for somebody else"
      }]
    })
  })
).pipe(
  declared({
    description: "Found a mesh at a broker",
    examples: [{
      command: "claudemesh mesh create acme --broker https://mesh.example",
      description: "A mesh for a team; for one machine claudemesh up does it all"
    }],
    report: created
  })
)
