/**
 * G4, first in, first out: from one sender to one recipient messages are inboxed in the order of acceptance.
 *
 * @module
 */
import type { Violation } from "../check.ts"
import { type History, nameOf } from "../history.ts"

/** Finds messages that were overtaken. */
export function order(history: History): ReadonlyArray<Violation> {
  // An outbox that forgot a message may accept it again, in another place.
  const places = new Map<string, number>()
  const newest = new Map<string, number>()
  const violations: Array<Violation> = []
  for (const [nth, event] of history.entries()) {
    if (event.type === "accepted") places.set(nameOf(event), nth)
    else if (event.type === "forgot") forget(newest, event.device)
    if (event.type !== "inboxed") continue
    const place = places.get(nameOf(event))
    if (place === undefined) continue
    const stream = `${event.mesh}/${event.sender} ${event.device}`
    const last = newest.get(stream) ?? -1
    if (place < last) {
      const what =
        `message ${event.id} of ${event.sender} came to ${event.device} after one that was accepted later`
      violations.push({ guarantee: "G4", at: event.at, what })
    }
    newest.set(stream, Math.max(last, place))
  }
  return violations
}

/** What an inbox lost comes again, in its order. */
function forget(newest: Map<string, number>, device: string): void {
  for (const stream of newest.keys()) if (stream.endsWith(device)) newest.delete(stream)
}
