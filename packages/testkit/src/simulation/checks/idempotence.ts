/**
 * G6: the same id with the same words is one message however often it is asked for; with other words it is refused.
 *
 * @module
 */
import type { Violation } from "../check.ts"
import { type EventOf, eventsOf, type History } from "../history.ts"
import { acceptances } from "./messages.ts"

/** Finds answers that differ from what the first one promised. */
export function idempotence(history: History): ReadonlyArray<Violation> {
  const accepted = acceptances(history)
  const admitted = new Map<string, number>()
  const violations: Array<Violation> = []
  for (const event of eventsOf(history, "answered")) {
    const known = accepted.get(`${event.mesh}/${event.device}/${event.id}`) ?? []
    const wrong = wrongAnswer(event, known)
    if (wrong !== undefined) violations.push({ guarantee: "G6", at: event.at, what: wrong })
  }
  for (const event of history) {
    if (event.type === "store_lost") admitted.clear()
    if (event.type !== "admitted") continue
    const key = `${event.broker} ${event.mesh}/${event.sender}/${event.id} ${event.attempt}`
    if (admitted.has(key)) {
      const what = `broker "${event.broker}" admitted message ${event.id} of ${event.sender} twice`
      violations.push({ guarantee: "G6", at: event.at, what })
    }
    admitted.set(key, event.at)
  }
  return violations
}

function wrongAnswer(
  { answer, id, text }: EventOf<"answered">,
  accepted: ReadonlyArray<EventOf<"accepted">>
): string | undefined {
  const isSame = accepted.some((one) => one.text === text)
  const isOther = accepted.some((one) => one.text !== text)
  if (answer === "id_reused" && !isOther) {
    return `message ${id} was refused as a reused id, and is none`
  }
  if (answer !== "accepted" || isSame) return undefined
  return isOther
    ? `message ${id} was accepted with other words than before`
    : `message ${id} was said to be accepted and is in no outbox`
}
