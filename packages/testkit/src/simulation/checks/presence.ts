/**
 * G16: nobody is shown gone who was not away for the whole lease.
 *
 * An observer may be told late, by a slow connection, of what has changed
 * since; so a device counts as gone for a while after it has come back.
 *
 * @module
 */
import type { Violation } from "../check.ts"
import type { EventOf, History } from "../history.ts"

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

interface Subject {
  readonly mesh: string
  readonly device: string
}

/** Finds devices that were shown gone too early. */
export function presence(history: History): ReadonlyArray<Violation> {
  const absences = new Absences()
  return history.flatMap((event) => {
    if (event.type === "attached") absences.end(event, event.at)
    else if (event.type === "detached") absences.begin(event, event.at)
    else if (event.type === "killed") absences.brokerDied(event)
    else if (event.type === "presence" && event.state === "gone") return absences.judge(event)
    return []
  })
}

/** Who is away since when, by what brokers know. */
class Absences {
  readonly #all = new Map<string, Absence>()

  begin(subject: Subject, at: number): void {
    this.#of(subject).lostAt = at
  }

  end(subject: Subject, at: number): void {
    const absence = this.#of(subject)
    if (isGone(absence, at)) absence.goneUntil = at
    absence.lostAt = undefined
  }

  brokerDied({ at, process }: EventOf<"killed">): void {
    if (!process.startsWith("broker")) return
    for (const absence of this.#all.values()) absence.lostAt ??= at
  }

  judge(event: EventOf<"presence">): ReadonlyArray<Violation> {
    const { at, device } = event
    const absence = this.#of(event)
    if (isGone(absence, at) || at - absence.goneUntil <= NEWS_MILLIS_MAX) return []
    const seconds = Math.round((at - (absence.lostAt ?? at)) / 1_000)
    return [{
      guarantee: "G16",
      at,
      what: `${device} is shown gone, and was there ${seconds} s ago`
    }]
  }

  #of({ device, mesh }: Subject): Absence {
    const key = `${mesh}/${device}`
    const absence = this.#all.get(key) ?? { lostAt: 0, goneUntil: -Infinity }
    this.#all.set(key, absence)
    return absence
  }
}

function isGone({ lostAt = Infinity }: Absence, at: number): boolean {
  return at - lostAt >= LEASE_MILLIS - LOOK_MILLIS
}
