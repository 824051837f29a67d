/**
 * G2 and G3: each message is in an inbox once, and is what was accepted, word for word, by a device it was for.
 *
 * @module
 */
import type { Violation } from "../check.ts"
import { eventsOf, type History, nameOf } from "../history.ts"
import { messagesOf } from "./messages.ts"

/** Finds what came twice, was altered, or was never sent. */
export function agreement(history: History): ReadonlyArray<Violation> {
  const messages = messagesOf(history)
  const seen = new Set<string>()
  const violations: Array<Violation> = []
  for (const { at, device, text, ...name } of eventsOf(history, "inboxed")) {
    const what = `message ${name.id} of ${name.sender} at ${device}`
    const key = `${nameOf(name)} ${device}`
    const accepted = messages.get(nameOf(name))?.accepted
    if (seen.has(key)) violations.push({ guarantee: "G2", at, what: `${what} was inboxed twice` })
    seen.add(key)
    if (accepted === undefined || accepted.at > at) {
      violations.push({ guarantee: "G3", at, what: `${what} was never accepted` })
    } else if (accepted.text !== text) {
      violations.push({ guarantee: "G3", at, what: `${what} has other words than were accepted` })
    } else if (!accepted.to.includes(device)) {
      violations.push({ guarantee: "G3", at, what: `${what} was not for it` })
    }
  }
  return violations
}
