/**
 * `claudemesh outbox requeue`: sends a message once more that has ended, under a new id.
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

export const requeue = Command.make(
  "requeue",
  { id: messageId },
  Effect.fn("outbox.requeue")(function*({ id }) {
    const daemon = yield* (yield* LocalDaemon).started
    const entry = yield* daemon.outbox.requeue({ params: { id }, query: meshRef(yield* Mesh) })
    const { mesh, supersedes = id } = entry
    const old = yield* daemon.outbox.show({ params: { id: supersedes }, query: { mesh } })
    const left = old.recipients.some(({ steps }) => steps.some(({ state }) => state === "admitted"))
    yield* (yield* Output).print(outboxChanged, entry, {
      warnings: left
        ? [`A broker had "${supersedes}": should it arrive after all, it is there twice`]
        : [],
      next: [{ cmd: `claudemesh message status ${entry.id}`, why: "how far it is" }]
    })
  })
).pipe(
  declared({
    description:
      "Send a message once more that was refused, has expired or was taken back: under a new id, to those who do not have it",
    examples: [{
      command: "claudemesh outbox requeue 0199f3a2",
      description: "The same words to the same devices, behind all that waits"
    }],
    report: outboxChanged
  })
)
