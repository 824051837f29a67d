/**
 * Received messages for tests: whatever is not said is harmless.
 *
 * @module
 */
import { MessageId } from "@claudemesh/protocol"
import type { PeerMessage } from "../peer_text.ts"

/** The id of the message with that number. */
export function idOf(number: number): MessageId {
  return MessageId.make(`0199f3a2-0000-7000-8000-${String(number).padStart(12, "0")}`)
}

/** A message of ada to the session api. */
export function madePeerMessage(given: Partial<PeerMessage>): PeerMessage {
  return {
    id: idOf(1),
    mesh: "acme",
    from: "ada@laptop2",
    to: "api",
    priority: "next",
    text: "Does the build pass?",
    ...given
  }
}
