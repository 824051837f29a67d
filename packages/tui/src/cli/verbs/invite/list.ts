/**
 * `claudemesh invite list`: the invites of a mesh.
 *
 * @module
 */
import { Effect } from "effect"
import { Command } from "effect/cli"
import { Mesh, meshRef } from "../../global_flags.ts"
import { inviteForOthers } from "../../invite_for_others.ts"
import { LocalDaemon } from "../../local_daemon.ts"
import { Output } from "../../output.ts"
import { inviteList } from "../../reports/invite.ts"
import { declared } from "../../verb.ts"

export const list = Command.make(
  "list",
  {},
  Effect.fn("invite.list")(function*() {
    const daemon = yield* (yield* LocalDaemon).started
    const { items } = yield* daemon.invites.list({ query: meshRef(yield* Mesh) })
    yield* (yield* Output).print(inviteList, {
      items: yield* Effect.forEach(items, inviteForOthers)
    })
  })
).pipe(
  declared({
    description: "List the invites of a mesh",
    examples: [{ command: "claudemesh invite list --json id,state", description: "For a program" }],
    report: inviteList
  })
)
