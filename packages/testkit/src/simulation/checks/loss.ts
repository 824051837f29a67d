/**
 * G1, no loss: what was accepted is inboxed by each recipient, or its sender has been told why not.
 *
 * Judged at the end of a run that had the time to settle. Nothing is asked of
 * a machine that was left cut off, nor of a mesh that the sender left, nor of
 * what the sender lost before a broker had it.
 *
 * @module
 */
import type { Violation } from "../check.ts"
import { eventsOf, type History, nameOf } from "../history.ts"
import { deliveriesOf } from "./deliveries.ts"
import { shown } from "./messages.ts"

const ENDS = new Set(["rejected", "expired", "aborted"])

/** Finds messages that are nowhere. */
export function loss(history: History): ReadonlyArray<Violation> {
  const [ended] = eventsOf(history, "ended")
  if (ended === undefined) return []
  const inboxed = new Set(
    eventsOf(history, "inboxed").map((event) => `${nameOf(event)} ${event.device}`)
  )
  return deliveriesOf(history).flatMap(({ isExcused, isLost, last, message, recipient }) => {
    const isThere = inboxed.has(`${message.name} ${recipient}`)
    if (isExcused || isLost || isThere || ENDS.has(last?.state ?? "")) return []
    const what = `${shown(message)} never reached ${recipient}`
    return [{ guarantee: "G1", at: ended.at, what }]
  })
}
