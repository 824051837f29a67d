/**
 * `claudemesh message show`: one message, whole.
 *
 * @module
 */
import { Effect } from "effect"
import { Command } from "effect/cli"
import { given } from "../../flags.ts"
import { Mesh, meshRef } from "../../global_flags.ts"
import { LocalDaemon } from "../../local_daemon.ts"
import { isReadByPerson, markRead, noteTaken } from "../../marking.ts"
import { messageId } from "../../message_id.ts"
import { Output } from "../../output.ts"
import { messageDetail } from "../../reports/message.ts"
import { declared } from "../../verb.ts"
import { writtenByFlag } from "./written_by.ts"

export const show = Command.make(
  "show",
  {
    id: messageId,
    from: writtenByFlag
  },
  Effect.fn("message.show")(function*({ from, id }) {
    const daemon = yield* (yield* LocalDaemon).started
    const query = { ...meshRef(yield* Mesh), ...given({ from }) }
    const message = yield* daemon.messages.show({ params: { id }, query })
    yield* (yield* Output).print(messageDetail, message)
    if (message.direction !== "received") return
    yield* noteTaken(daemon, [message])
    if (yield* isReadByPerson) yield* markRead(daemon, [message])
  })
).pipe(
  declared({
    description: "Show one message, whole",
    examples: [
      { command: "claudemesh message show 0199f3a2", description: "Sent or received" },
      {
        command: "claudemesh message show 0199f3a2 --from bob",
        description: "The one he sent, should it have the id of another"
      }
    ],
    report: messageDetail
  })
)
