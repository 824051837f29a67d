/**
 * Which states say that a message has arrived.
 *
 * @module
 */
import type { MessageState } from "./messages.ts"

const ARRIVED: ReadonlySet<MessageState> = new Set([
  "inboxed",
  "surfaced",
  "in_context",
  "answered"
])

/** Whether the recipient's device has signed that it is in its inbox; what it holds back is not there yet. */
export function isArrived(state: MessageState): boolean {
  return ARRIVED.has(state)
}
