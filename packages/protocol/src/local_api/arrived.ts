/**
 * Which states say that a message has arrived.
 *
 * @module
 */
import type { MessageState } from "./messages.ts"

const ARRIVED: ReadonlySet<MessageState> = new Set([
  "inboxed",
  "held",
  "surfaced",
  "in_context",
  "answered"
])

/** Whether the recipient's device has signed that it is in its inbox; what waits there for a human is, too. */
export function isArrived(state: MessageState): boolean {
  return ARRIVED.has(state)
}
