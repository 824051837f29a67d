/**
 * G5, a verdict for every send, and a just one: in the end each is shown inboxed, or why it is not.
 *
 * Whoever left may have inboxed it or not; that is not known before its time is over.
 *
 * @module
 */
import type { Check, Violation } from "../check.ts"
import { type EventOf, eventsOf, type History } from "../history.ts"
import { excusedDevices } from "./excuses.ts"
import { lastShown, leftAt, type Message, messagesOf, shown, wereClocksSet } from "./messages.ts"

const TERMINAL = new Set([
  "inboxed",
  "surfaced",
  "in_context",
  "answered",
  "held",
  "rejected",
  "expired",
  "aborted"
])

/** Finds sends of which nothing is known, and verdicts that nothing justifies. */
export const verdicts: Check = (history) => {
  const [ended] = eventsOf(history, "ended")
  const last = lastShown(history)
  const left = leftAt(history)
  const excused = excusedDevices(history)
  const isJust = makeIsJust(history)
  const violations: Array<Violation> = []
  for (const message of messagesOf(history).values()) {
    const { mesh, sender, to } = message.accepted
    if (left.has(`${mesh}/${sender}`) || excused.has(sender)) continue
    for (const recipient of to) {
      const verdict = last.get(`${message.name} ${recipient}`)
      if (verdict !== undefined && TERMINAL.has(verdict.state)) {
        if (isJust(message, verdict)) continue
        const what = `${shown(message)} is shown ${verdict.state} (${
          verdict.reason ?? "no reason"
        }) without cause`
        violations.push({ guarantee: "G5", at: verdict.at, what })
      } else if (ended !== undefined && !excused.has(recipient) && !left.has(`${mesh}/${recipient}`)) {
        const what = `${shown(message)} has no verdict for ${recipient}, only "${
          verdict?.state ?? "queued"
        }"`
        violations.push({ guarantee: "G5", at: ended.at, what })
      }
    }
  }
  return violations
}

function makeIsJust(history: History) {
  const left = leftAt(history)
  const clocksSet = wereClocksSet(history)
  const isQuotaMet = history.some(({ type }) => type === "quota_met")
  return ({ accepted }: Message, { at, reason, recipient, state }: EventOf<"shown">): boolean => {
    const isLate = clocksSet || at - accepted.at >= accepted.ttl
    if (state === "aborted") return true
    if (state === "expired" || reason === "expired") return isLate
    if (state !== "rejected") return true
    if (reason === "quota") return isQuotaMet
    const hasLeft = left.has(`${accepted.mesh}/${recipient}`) ||
      left.has(`${accepted.mesh}/${accepted.sender}`)
    return hasLeft
  }
}
