/**
 * Says of what was shown, and of nothing else, that it was read.
 *
 * A person at a terminal has read what is shown there. A program has to say so, as it may have printed
 * what nobody saw. What a verb prints for an agent is the result that its client hands to the model: the
 * messages that the agent is to be shown are surfaced with that. A verb cannot see whether the agent has
 * its output go elsewhere, into a file or a filter.
 *
 * @module
 */
import type { Daemon } from "@claudemesh/daemon"
import type { InboxKey, ReceivedMessage } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { Output } from "./output.ts"
import { isTypedByAgent } from "./session_token.ts"

/** Whether what is shown counts as read, unless something else was said. */
export const isReadByPerson = Effect.gen(function*() {
  const output = yield* Output
  return (yield* output.page).interactive && !output.json
})

/**
 * Reports messages whose whole text was printed for an agent, where one has typed the verb: once they have
 * gone out, and only if their texts were among what was asked for.
 */
export const noteTaken = Effect.fnUntraced(
  function*(daemon: Daemon["Service"], printed: ReadonlyArray<ReceivedMessage>) {
    const output = yield* Output
    if (printed.length === 0 || !(yield* output.said("text"))) return
    if (!(yield* isTypedByAgent)) return
    yield* daemon.messages.read({ payload: { messages: printed.map(keyOf), printed: true } })
  }
)

/** Marks those messages as read that are not; answers with how many there were. */
export const markRead = Effect.fnUntraced(
  function*(daemon: Daemon["Service"], shown: ReadonlyArray<ReceivedMessage>) {
    const messages = shown.filter(({ read }) => !read).map(keyOf)
    if (messages.length === 0) return 0
    return (yield* daemon.messages.read({ payload: { messages } })).changed
  }
)

function keyOf({ from_device_id, id, mesh }: ReceivedMessage): InboxKey {
  return { mesh, from_device_id, id }
}
