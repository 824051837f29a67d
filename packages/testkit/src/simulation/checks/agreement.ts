/**
 * G2 and G3: each message is in an inbox once, and is what was accepted, word for word, by a device it was for.
 *
 * @module
 */
import type { Violation } from "../check.ts"
import { type EventOf, type History, nameOf } from "../history.ts"
import { acceptances } from "./messages.ts"

/** Finds what came twice, was altered, or was never sent. */
export function agreement(history: History): ReadonlyArray<Violation> {
  const messages = acceptances(history)
  const seen = new Map<string, number>()
  const violations: Array<Violation> = []
  for (const event of history) {
    if (event.type === "forgot") forget(seen, event)
    if (event.type !== "inboxed") continue
    const { at, device, id, sender } = event
    const key = `${nameOf(event)} ${device}`
    const flaws = [
      ...(seen.has(key) ? [TWICE] : []),
      ...flawsOf(event, messages.get(nameOf(event)) ?? [])
    ]
    seen.set(key, at)
    for (const { flaw, guarantee } of flaws) {
      violations.push({ guarantee, at, what: `message ${id} of ${sender} at ${device} ${flaw}` })
    }
  }
  return violations
}

interface Flaw {
  readonly guarantee: string
  readonly flaw: string
}

const TWICE: Flaw = { guarantee: "G2", flaw: "was inboxed twice" }

function flawsOf(
  { at, device, text }: EventOf<"inboxed">,
  accepted: ReadonlyArray<EventOf<"accepted">>
): ReadonlyArray<Flaw> {
  const known = accepted.filter((one) => one.at <= at)
  const same = known.find((one) => one.text === text)
  if (same?.to.includes(device) === true) return []
  const flaw = known.length === 0
    ? "was never accepted"
    : same === undefined
    ? "has other words than were accepted"
    : "was not for it"
  return [{ guarantee: "G3", flaw }]
}

/** What an inbox lost it may take again. */
function forget(seen: Map<string, number>, { device, mesh, since }: EventOf<"forgot">): void {
  for (const [key, at] of seen) {
    if (key.startsWith(mesh) && key.endsWith(device) && at >= since) seen.delete(key)
  }
}
