/**
 * `claudemesh join`: enters a mesh by an invite link.
 *
 * @module
 */
import { refused } from "@claudemesh/protocol/errors"
import { Effect } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { given } from "../flags.ts"
import { LocalDaemon } from "../local_daemon.ts"
import { Output } from "../output.ts"
import { stdinText } from "../message_text.ts"
import { meshDone, youAre } from "../reports/mesh.ts"
import { declared } from "../verb.ts"

const joined = meshDone("mesh.joined", (mesh) => `Joined ${mesh.name} as ${youAre(mesh)}`)

/** The same for who was in it before: nothing was spent, and no name was taken. */
const known = meshDone(
  "mesh.joined",
  (mesh) => `You are in ${mesh.name} already, as ${youAre(mesh)}`
)

const SECOND_IDENTITY =
  "Nothing was joined. For somebody else on this machine set CLAUDEMESH_HOME to another directory"

export const join = Command.make(
  "join",
  {
    link: Argument.String("link").pipe(
      Argument.withDescription(
        "The whole invite link, with the part after #; - reads it from stdin"
      )
    ),
    member: Flag.String("name").pipe(
      Flag.withDescription("Your name there (default: your user name)"),
      Flag.optional
    ),
    device: Flag.String("device").pipe(
      Flag.withDescription("This machine's name there (default: its host name)"),
      Flag.optional
    )
  },
  Effect.fn("join")(function*({ link: word, ...names }) {
    const link = word === "-" ? yield* stdinText : word
    if (link.trim() === "") {
      return yield* refused("invite_malformed", "Cannot join: the link is empty")
    }
    const daemon = yield* (yield* LocalDaemon).started
    const before = yield* daemon.meshes.list({})
    const mesh = yield* daemon.meshes.join({ payload: { link, ...given(names) } })
    const wasIn = before.items.some((item) => item.mesh === mesh.mesh)
    yield* (yield* Output).print(wasIn ? known : joined, mesh, {
      warnings: wasIn ? [SECOND_IDENTITY] : [],
      next: [{ cmd: "claudemesh peers", why: "who is there" }]
    })
  })
).pipe(
  declared({
    description: "Join a mesh by an invite link",
    examples: [
      {
        command: "claudemesh join 'https://mesh.example/i/i_…#…'",
        description: "Quote it: # begins a comment"
      },
      {
        command: "claudemesh join - --name ada <link.txt",
        description: "Keep the link out of the shell's history"
      }
    ],
    report: joined
  })
)
