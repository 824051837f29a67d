/**
 * `claudemesh invite revoke`: makes an invite link worthless.
 *
 * @module
 */
import { Effect } from "effect"
import { Argument, Command } from "effect/cli"
import { Mesh, meshRef } from "../../global_flags.ts"
import { LocalDaemon } from "../../local_daemon.ts"
import { Output } from "../../output.ts"
import { inviteRevoked } from "../../reports/invite.ts"
import { declared } from "../../verb.ts"

export const revoke = Command.make(
  "revoke",
  {
    invite: Argument.String("invite").pipe(
      Argument.withDescription("Its id, or a prefix of 6 or more")
    )
  },
  Effect.fn("invite.revoke")(function*({ invite }) {
    const daemon = yield* (yield* LocalDaemon).started
    const payload = { ...meshRef(yield* Mesh), invite }
    yield* (yield* Output).print(inviteRevoked, yield* daemon.invites.revoke({ payload }))
  })
).pipe(
  declared({
    description: "Make an invite link worthless",
    examples: [{
      command: "claudemesh invite revoke i_4k2m7q",
      description: "Who has joined by it stays"
    }],
    report: inviteRevoked
  })
)
