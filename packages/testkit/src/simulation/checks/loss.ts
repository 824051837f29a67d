/**
 * G1, no loss: what was accepted is inboxed by each recipient, or its sender has been told why not.
 *
 * Judged at the end of a run that had the time to settle. Nothing is asked of
 * a machine that was left cut off, nor of a mesh that the sender left.
 *
 * @module
 */
import type { Check, Violation } from "../check.ts"
import { eventsOf, type History, nameOf } from "../history.ts"
import { excusedDevices } from "./excuses.ts"
import { lastShown, leftAt, messagesOf, shown } from "./messages.ts"

const ENDS = new Set(["rejected", "expired", "aborted"])

/** Finds messages that are nowhere. */
export const loss: Check = (history) => {
  const [ended] = eventsOf(history, "ended")
  if (ended === undefined) return []
  const inboxed = new Set(
    eventsOf(history, "inboxed").map((event) => `${nameOf(event)} ${event.device}`)
  )
  const last = lastShown(history)
  const left = leftAt(history)
  const excused = excusedDevices(history)
  const violations: Array<Violation> = []
  for (const message of messagesOf(history).values()) {
    const { mesh, sender, to } = message.accepted
    if (left.has(`${mesh}/${sender}`) || excused.has(sender)) continue
    for (const recipient of to) {
      const key = `${message.name} ${recipient}`
      if (inboxed.has(key) || ENDS.has(last.get(key)?.state ?? "")) continue
      if (excused.has(recipient) || left.has(`${mesh}/${recipient}`)) continue
      violations.push({
        guarantee: "G1",
        at: ended.at,
        what: `${shown(message)} never reached ${recipient}`
      })
    }
  }
  return violations
}

/** For the sum of a run: how many messages there were. */
export function messageCount(history: History): number {
  return messagesOf(history).size
}
