/**
 * G15 and G19: once nothing goes wrong any more, everything is delivered soon.
 *
 * @module
 */
import type { Violation } from "../check.ts"
import { eventsOf, type History, nameOf } from "../history.ts"
import { excusedDevices } from "./deliveries.ts"
import { messagesOf, shown } from "./messages.ts"

/**
 * How long after everything has healed a message may take. The published bound is 30 s for delivery
 * and 60 s for the jitter of reconnecting; the watchdog of a half-open connection is 75 s, and what
 * it was silent before may count for little.
 */
export const DELIVERED_WITHIN_MILLIS = 165_000

/** Finds what came too late. */
export function progress(history: History): ReadonlyArray<Violation> {
  const [healed] = eventsOf(history, "healed")
  if (healed === undefined) return []
  const messages = messagesOf(history)
  const excused = excusedDevices(history)
  const violations: Array<Violation> = []
  for (const event of eventsOf(history, "inboxed")) {
    const message = messages.get(nameOf(event))
    if (message === undefined || excused.has(event.device) || excused.has(event.sender)) continue
    const waited = event.at - Math.max(healed.at, message.accepted.at)
    if (waited <= DELIVERED_WITHIN_MILLIS) continue
    const what = `${shown(message)} took ${
      Math.round(waited / 1_000)
    } s to reach ${event.device} with nothing in its way`
    violations.push({ guarantee: "G15", at: event.at, what })
  }
  return violations
}
