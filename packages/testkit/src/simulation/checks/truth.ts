/**
 * What a sender is shown is true when it is shown: admitted by a store, inboxed by the recipient.
 *
 * @module
 */
import type { Violation } from "../check.ts"
import { type History, nameOf } from "../history.ts"

const AFTER_INBOXED = new Set(["inboxed", "surfaced", "in_context", "answered"])

/** Finds states that were shown before they were so. */
export function truth(history: History): ReadonlyArray<Violation> {
  const admitted = new Set<string>()
  const inboxed = new Set<string>()
  const violations: Array<Violation> = []
  for (const event of history) {
    if (event.type === "admitted") admitted.add(nameOf(event))
    else if (event.type === "inboxed") inboxed.add(`${nameOf(event)} ${event.device}`)
    else if (event.type === "shown") {
      const what =
        `message ${event.id} of ${event.sender} is shown ${event.state} for ${event.recipient} and is not`
      const isLie = event.state === "admitted"
        ? !admitted.has(nameOf(event))
        : AFTER_INBOXED.has(event.state) && !inboxed.has(`${nameOf(event)} ${event.recipient}`)
      if (isLie) violations.push({ guarantee: "G5", at: event.at, what })
    }
  }
  return violations
}
