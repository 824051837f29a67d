/**
 * G5, a verdict for every send, and a just one: in the end each is shown inboxed, or why it is not.
 *
 * Whoever left may have inboxed it or not; that is not known before its time is over.
 *
 * @module
 */
import type { Violation } from "../check.ts"
import { type EventOf, eventsOf, type History } from "../history.ts"
import { deliveriesOf, type Delivery } from "./deliveries.ts"
import { leftAt, type Message, shown, wereClocksSet } from "./messages.ts"

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
export function verdicts(history: History): ReadonlyArray<Violation> {
  const [ended] = eventsOf(history, "ended")
  const isJust = makeIsJust(history)
  return deliveriesOf(history).flatMap((delivery) => {
    const { last, message } = delivery
    if (last === undefined || !TERMINAL.has(last.state)) return missing(delivery, ended?.at)
    if (isJust(message, last)) return []
    const reason = last.reason ?? "no reason"
    const what = `${shown(message)} is shown ${last.state} (${reason}) without cause`
    return [{ guarantee: "G5", at: last.at, what }]
  })
}

function missing(
  { isExcused, isUnknown, last, message, recipient }: Delivery,
  endedAt: number | undefined
): ReadonlyArray<Violation> {
  if (endedAt === undefined || isExcused || isUnknown) return []
  const state = last?.state ?? "queued"
  const what = `${shown(message)} has no verdict for ${recipient}, only "${state}"`
  return [{ guarantee: "G5", at: endedAt, what }]
}

function makeIsJust(history: History) {
  const left = leftAt(history)
  const clocksSet = wereClocksSet(history)
  const forgetful = new Set(eventsOf(history, "forgot").map(({ device }) => device))
  const isQuotaMet = history.some(({ type }) => type === "quota_met")
  return ({ accepted }: Message, { at, reason, recipient, state }: EventOf<"shown">): boolean => {
    const isLate = clocksSet || at - accepted.at >= accepted.ttl
    if (state === "aborted") return true
    if (state === "expired" || reason === "expired") return isLate
    if (state !== "rejected") return true
    if (reason === "quota") return isQuotaMet
    // Who forgot that an id was used may use it again; brokers remember.
    if (reason === "id_reused") return forgetful.has(accepted.sender)
    const hasLeft = left.has(`${accepted.mesh}/${recipient}`) ||
      left.has(`${accepted.mesh}/${accepted.sender}`)
    return hasLeft
  }
}
