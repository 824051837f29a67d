/**
 * `claudemesh outbox show`: one message, how far it is with each device, and why it is no further.
 *
 * @module
 */
import { Effect } from "effect"
import { Command } from "effect/cli"
import { LocalDaemon } from "../../local_daemon.ts"
import { Output } from "../../output.ts"
import { outboxEntry } from "../../reports/outbox.ts"
import { declared } from "../../verb.ts"
import { messageId } from "./message_id.ts"

export const show = Command.make(
  "show",
  { id: messageId },
  Effect.fn("outbox.show")(function*({ id }) {
    const daemon = yield* (yield* LocalDaemon).started
    const entry = yield* daemon.outbox.show({ params: { id } })
    const next = [
      ...(entry.cancellable
        ? [{ cmd: `claudemesh outbox cancel ${entry.id}`, why: "take it back" }]
        : []),
      ...(entry.outbox_state === "dead" || entry.outbox_state === "expired"
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
