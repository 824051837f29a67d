/**
 * The message that is meant, of those that wait.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol/errors"
import type { HeldMessage } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"

/** The one whose id is that, or begins with these 6 or more; refused where it is none, or one of several. */
export function heldOf(
  items: ReadonlyArray<HeldMessage>,
  typed: string
): Effect.Effect<HeldMessage, Refused> {
  const found = items.filter(({ message }) => typed.length >= 6 && message.id.startsWith(typed))
  const [first, ...others] = found
  if (first === undefined) {
    const message =
      `Nothing that waits has the id "${typed}": claudemesh held list shows what waits`
    return Effect.fail(refused("message_not_found", message))
  }
  if (others.length === 0) return Effect.succeed(first)
  const candidates = found.map(({ message }) => `${message.id} of ${message.from}`)
  return Effect.fail(refused("ambiguous_name", `Several have the id "${typed}"`, { candidates }))
}
