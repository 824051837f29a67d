/**
 * G2 and G3: each message is in an inbox once, and is what was accepted, word for word, by a device it was for.
 *
 * @module
 */
import type { Violation } from "../check.ts"
import { type EventOf, type History, nameOf } from "../history.ts"
import { messagesOf } from "./messages.ts"

/** Finds what came twice, was altered, or was never sent. */
export function agreement(history: History): ReadonlyArray<Violation> {
  const messages = messagesOf(history)
  const seen = new Map<string, number>()
  const violations: Array<Violation> = []
  for (const event of history) {
    if (event.type === "forgot") forget(seen, event)
    if (event.type !== "inboxed") continue
    const { at, device, text, ...name } = event
    const what = `message ${name.id} of ${name.sender} at ${device}`
    const key = `${nameOf(name)} ${device}`
    const accepted = messages.get(nameOf(name))?.accepted
    if (seen.has(key)) violations.push({ guarantee: "G2", at, what: `${what} was inboxed twice` })
    seen.set(key, at)
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

/** What an inbox lost it may take again. */
function forget(seen: Map<string, number>, { device, mesh, since }: EventOf<"forgot">): void {
  for (const [key, at] of seen) {
    if (key.startsWith(mesh) && key.endsWith(device) && at >= since) seen.delete(key)
  }
}
