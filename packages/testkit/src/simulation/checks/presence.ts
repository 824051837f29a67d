/**
 * G16: nobody is shown gone who was not away for the whole lease.
 *
 * An observer may be told late, by a slow connection, of what has changed
 * since; so a device counts as gone for a while after it has come back.
 *
 * @module
 */
import type { Check, Violation } from "../check.ts"

/** How long a device may be away before it is gone; what is looked at once a second is known that late. */
const LEASE_MILLIS = 90_000
const LOOK_MILLIS = 2_000

/** How old the news of an observer may be. */
const NEWS_MILLIS_MAX = 150_000

/** Since when a device is away, if it is, and when it was last away for so long that it was gone. */
interface Absence {
  lostAt: number | undefined
  goneUntil: number
}

/** Finds devices that were shown gone too early. */
export const presence: Check = (history) => {
  const absences = new Map<string, Absence>()
  const violations: Array<Violation> = []
  function absenceOf(
    { device, mesh }: { readonly mesh: string; readonly device: string }
  ): Absence {
    const key = `${mesh}/${device}`
    const absence = absences.get(key) ?? { lostAt: 0, goneUntil: -Infinity }
    absences.set(key, absence)
    return absence
  }
  for (const event of history) {
    if (event.type === "attached") comeBack(absenceOf(event), event.at)
    else if (event.type === "detached") absenceOf(event).lostAt = event.at
    else if (event.type === "killed" && event.process.startsWith("broker")) {
      for (const absence of absences.values()) absence.lostAt ??= event.at
    } else if (event.type === "presence" && event.state === "gone") {
      const { goneUntil, lostAt = event.at } = absenceOf(event)
      const isGone = event.at - lostAt >= LEASE_MILLIS - LOOK_MILLIS
      if (isGone || event.at - goneUntil <= NEWS_MILLIS_MAX) continue
      const what = `${event.device} is shown gone, and was there ${
        Math.round((event.at - lostAt) / 1_000)
      } s ago`
      violations.push({ guarantee: "G16", at: event.at, what })
    }
  }
  return violations
}

function comeBack(absence: Absence, at: number): void {
  if (absence.lostAt !== undefined && at - absence.lostAt >= LEASE_MILLIS - LOOK_MILLIS) {
    absence.goneUntil = at
  }
  absence.lostAt = undefined
}
