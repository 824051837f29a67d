/**
 * `claudemesh message show`: one message, whole.
 *
 * @module
 */
import { Effect } from "effect"
import { Argument, Command } from "effect/cli"
import { LocalDaemon } from "../../local_daemon.ts"
import { isReadByPerson, markRead } from "../../marking.ts"
import { Output } from "../../output.ts"
import { messageDetail } from "../../reports/message.ts"
import { declared } from "../../verb.ts"

export const show = Command.make(
  "show",
  {
    id: Argument.String("id").pipe(
      Argument.withDescription("The message's id, or a prefix of 6 or more")
    )
  },
  Effect.fn("message.show")(function*({ id }) {
    const daemon = yield* (yield* LocalDaemon).started
    const message = yield* daemon.messages.show({ params: { id } })
    yield* (yield* Output).print(messageDetail, message)
    if (message.direction === "received" && (yield* isReadByPerson)) {
      yield* markRead(daemon, [message])
    }
  })
).pipe(
  declared({
    description: "Show one message, whole",
    examples: [{ command: "claudemesh message show 0199f3a2", description: "Sent or received" }],
    report: messageDetail
  })
)
