/**
 * `claudemesh invite create`: makes a link that lets somebody join.
 *
 * @module
 */
import { InviteView } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { Command, Flag } from "effect/cli"
import { durationFlag, given } from "../../flags.ts"
import { Mesh, meshRef } from "../../global_flags.ts"
import { inviteForOthers } from "../../invite_for_others.ts"
import { LocalDaemon } from "../../local_daemon.ts"
import { Output } from "../../output.ts"
import { inviteCreated } from "../../reports/invite.ts"
import { declared } from "../../verb.ts"

export const create = Command.make(
  "create",
  {
    max_uses: Flag.Int("uses").pipe(
      Flag.withDescription("How many may join by it (default: 1)"),
      Flag.optional
    ),
    expires_in_ms: durationFlag("expires", "For how long it can be used (default: 24h)"),
    role: Flag.Literals("role", InviteView.fields.role.literals).pipe(
      Flag.withDescription("What they join as (default: member)"),
      Flag.optional
    )
  },
  Effect.fn("invite.create")(function*(options) {
    const daemon = yield* (yield* LocalDaemon).started
    const payload = { ...meshRef(yield* Mesh), ...given(options) }
    const invite = yield* inviteForOthers(yield* daemon.invites.create({ payload }))
    yield* (yield* Output).print(inviteCreated, invite, {
      next: [{ cmd: `claudemesh join '${invite.link ?? "LINK"}'`, why: "on the other machine" }]
    })
  })
).pipe(
  declared({
    description: "Make a link that lets somebody join",
    examples: [
      { command: "claudemesh invite create", description: "For one person, for a day" },
      { command: "claudemesh invite create --uses 5 --expires 7d", description: "For a team" }
    ],
    report: inviteCreated
  })
)
