/**
 * Moments of a run at which something may be done: an event has just become true, is about to, or a frame arrives.
 *
 * A crash that is to fall between two lines of a program is aimed by what
 * surrounds it, not by a time or a count that moves with every change.
 *
 * @module
 */
import type { HistoryEvent } from "./history.ts"

/** An event by its type, the commit that will make it true, or the arrival of a frame by its type. */
export type Moment = HistoryEvent["type"] | `before ${HistoryEvent["type"]}` | `frame ${string}`

/** What waits for moments. */
export class Moments {
  readonly #awaited = new Map<Moment, Array<Awaited>>()
  #together: Array<() => void> | undefined

  /** Calls once, in the middle of the nth such moment from now. */
  await(moment: Moment, nth: number, run: () => void): void {
    this.#awaited.set(moment, [...this.#awaited.get(moment) ?? [], { left: nth, run }])
  }

  /** Lets happen what waits for it. */
  notice(moment: Moment): void {
    const awaited = this.#awaited.get(moment)
    if (awaited === undefined) return
    for (const one of awaited) one.left--
    this.#awaited.set(moment, awaited.filter(({ left }) => left > 0))
    const due = awaited.filter(({ left }) => left <= 0).map(({ run }) => run)
    if (this.#together === undefined) { for (const run of due) run() }
    else this.#together.push(...due)
  }

  /** Takes several events for one moment: what waits for any of them happens after all of them. */
  together(events: () => void): void {
    const due: Array<() => void> = []
    this.#together = due
    events()
    this.#together = undefined
    for (const run of due) run()
  }

  /** Lets nothing of it happen any more. */
  forget(): void {
    this.#awaited.clear()
  }
}

interface Awaited {
  left: number
  readonly run: () => void
}

/** The moment at which a frame arrives. */
export function arrivalOf(text: string): Moment {
  return `frame ${/"type":"(\w+)"/.exec(text)?.[1] ?? ""}`
}
