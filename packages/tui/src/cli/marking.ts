/**
 * Marks what was shown as read, and nothing else.
 *
 * A person at a terminal has read what is shown there. A program has to say so, as it may have printed
 * what nobody saw.
 *
 * @module
 */
import type { Daemon } from "@claudemesh/daemon"
import type { InboxKey, ReceivedMessage } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { Output } from "./output.ts"

/** Whether what is shown counts as read, unless something else was said. */
export const isReadByPerson = Effect.gen(function*() {
  const output = yield* Output
  return (yield* output.page).interactive && !output.json
})

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
