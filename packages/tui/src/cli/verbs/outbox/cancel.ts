/**
 * `claudemesh outbox cancel`: takes a message back that has not left this machine.
 *
 * @module
 */
import { Effect } from "effect"
import { Command } from "effect/cli"
import { Mesh, meshRef } from "../../global_flags.ts"
import { LocalDaemon } from "../../local_daemon.ts"
import { messageId } from "../../message_id.ts"
import { Output } from "../../output.ts"
import { outboxChanged } from "../../reports/outbox.ts"
import { declared } from "../../verb.ts"

export const cancel = Command.make(
  "cancel",
  { id: messageId },
  Effect.fn("outbox.cancel")(function*({ id }) {
    const daemon = yield* (yield* LocalDaemon).started
    const entry = yield* daemon.outbox.cancel({ params: { id }, query: meshRef(yield* Mesh) })
    yield* (yield* Output).print(outboxChanged, entry)
  })
).pipe(
  declared({
    description: "Take a message back that has not left this machine; nobody is sent it",
    examples: [{
      command: "claudemesh outbox cancel 0199f3a2",
      description: "Refused once it has left: then it may have arrived"
    }],
    report: outboxChanged
  })
)
