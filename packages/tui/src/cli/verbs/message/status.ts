/**
 * `claudemesh message status`: how far a message is with each device it is for.
 *
 * @module
 */
import { Effect } from "effect"
import { Argument, Command } from "effect/cli"
import { LocalDaemon } from "../../local_daemon.ts"
import { Output } from "../../output.ts"
import { messageStatus } from "../../reports/message.ts"
import { declared } from "../../verb.ts"

export const status = Command.make(
  "status",
  {
    id: Argument.String("id").pipe(
      Argument.withDescription("The message's id, or a prefix of 6 or more")
    )
  },
  Effect.fn("message.status")(function*({ id }) {
    const daemon = yield* (yield* LocalDaemon).started
    yield* (yield* Output).print(messageStatus, yield* daemon.messages.show({ params: { id } }))
  })
).pipe(
  declared({
    description: "Show how far a message is, with the times",
    examples: [{
      command: "claudemesh message status 0199f3a2",
      description: "What the recipients' devices say"
    }],
    report: messageStatus
  })
)
