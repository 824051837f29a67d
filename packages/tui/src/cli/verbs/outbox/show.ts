/**
 * `claudemesh outbox show`: one message, how far it is with each device, and why it is no further.
 *
 * @module
 */
import { Effect } from "effect"
import { Command } from "effect/cli"
import { Mesh, meshRef } from "../../global_flags.ts"
import { LocalDaemon } from "../../local_daemon.ts"
import { messageId } from "../../message_id.ts"
import { Output } from "../../output.ts"
import { isFailed, outboxEntry } from "../../reports/outbox.ts"
import { declared } from "../../verb.ts"

export const show = Command.make(
  "show",
  { id: messageId },
  Effect.fn("outbox.show")(function*({ id }) {
    const daemon = yield* (yield* LocalDaemon).started
    const entry = yield* daemon.outbox.show({ params: { id }, query: meshRef(yield* Mesh) })
    const next = [
      ...(entry.cancellable
        ? [{ cmd: `claudemesh outbox cancel ${entry.id}`, why: "take it back" }]
        : []),
      ...(isFailed(entry)
        ? [{ cmd: `claudemesh outbox requeue ${entry.id}`, why: "send it once more" }]
        : [])
    ]
    yield* (yield* Output).print(outboxEntry, entry, { next })
  })
).pipe(
  declared({
    description: "Show one message: how far it is with each device, and what it waits for",
    examples: [{ command: "claudemesh outbox show 0199f3a2", description: "All of it" }],
    report: outboxEntry
  })
)
