/**
 * `claudemesh message status`: how far a message is with each device it is for.
 *
 * @module
 */
import { Effect } from "effect"
import { Command } from "effect/cli"
import { given } from "../../flags.ts"
import { Mesh, meshRef } from "../../global_flags.ts"
import { LocalDaemon } from "../../local_daemon.ts"
import { messageId } from "../../message_id.ts"
import { Output } from "../../output.ts"
import { isOnItsWay, messageStatus } from "../../reports/message_status.ts"
import { declared } from "../../verb.ts"
import { writtenByFlag } from "./written_by.ts"

export const status = Command.make(
  "status",
  {
    id: messageId,
    from: writtenByFlag
  },
  Effect.fn("message.status")(function*({ from, id }) {
    const daemon = yield* (yield* LocalDaemon).started
    const query = { ...meshRef(yield* Mesh), ...given({ from }) }
    const message = yield* daemon.messages.show({ params: { id }, query })
    const { print } = yield* Output
    if (!isOnItsWay(message)) return yield* print(messageStatus, message)
    // What it waits for only the outbox knows.
    const of = { params: { id: message.id }, query: { mesh: message.mesh } }
    yield* print(messageStatus, yield* daemon.outbox.show(of))
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
