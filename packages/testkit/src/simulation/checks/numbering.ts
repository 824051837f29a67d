/**
 * G4 at the broker: the numbers of each mailbox are dense, and none is given twice, for as long as its store lives.
 *
 * @module
 */
import type { Violation } from "../check.ts"
import type { History } from "../history.ts"

/** Finds gaps and repeats in the numbers of mailboxes. */
export function numbering(history: History): ReadonlyArray<Violation> {
  const ends = new Map<string, number>()
  const violations: Array<Violation> = []
  for (const event of history) {
    if (event.type === "store_lost") forget(ends, event.broker)
    if (event.type !== "placed") continue
    const log = `${event.broker} ${event.mesh}/${event.device}`
    const end = ends.get(log)
    if (end !== undefined && event.seq !== end + 1) {
      const what =
        `broker "${event.broker}" gave number ${event.seq} after ${end} in the mailbox of ${event.device}`
      violations.push({ guarantee: "G4", at: event.at, what })
    }
    ends.set(log, event.seq)
  }
  return violations
}

/** What a store forgot it numbers again; from where is not known here. */
function forget(ends: Map<string, number>, broker: string): void {
  for (const log of ends.keys()) if (log.startsWith(`${broker} `)) ends.delete(log)
}
