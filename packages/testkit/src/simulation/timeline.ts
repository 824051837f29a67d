/**
 * Virtual time: what is to happen when. Two things due at one instant come in an order drawn from the seed.
 *
 * @module
 */
import type { Chance } from "./chance.ts"

/** Something to happen. */
interface Appointment {
  readonly at: number
  readonly tie: number
  readonly run: () => void
  isCancelled: boolean
}

/** Takes back what was to happen; afterwards that changes nothing. */
export type Cancel = () => void

/** The time of a simulated world, in milliseconds since it began. */
export class Timeline {
  #now = 0
  readonly #heap: Array<Appointment> = []
  readonly #chance: Chance

  constructor(chance: Chance) {
    this.#chance = chance
  }

  get now(): number {
    return this.#now
  }

  /** Lets something happen after so long; at the earliest next. */
  after(millis: number, run: () => void): Cancel {
    const appointment = {
      at: this.#now + Math.max(0, millis),
      tie: this.#chance.next(),
      run,
      isCancelled: false
    }
    this.#add(appointment)
    return () => {
      appointment.isCancelled = true
    }
  }

  /** When the next thing happens; nothing if nothing does. */
  get nextAt(): number | undefined {
    while (this.#heap[0]?.isCancelled === true) this.#removeFirst()
    return this.#heap[0]?.at
  }

  /** Moves on to the next thing and lets it happen; answers whether there was one by then. */
  step(until: number): boolean {
    const next = this.nextAt
    if (next === undefined || next > until) {
      this.#now = Math.max(this.#now, until)
      return false
    }
    const { at, run } = this.#removeFirst()
    this.#now = at
    run()
    return true
  }

  #add(appointment: Appointment): void {
    const heap = this.#heap
    let at = heap.push(appointment) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      if (!isBefore(heap, at, above)) break
      swap(heap, at, above)
      at = above
    }
  }

  #removeFirst(): Appointment {
    const heap = this.#heap
    const [first] = heap
    const last = heap.pop()
    if (first === undefined || last === undefined) throw new Error("Nothing is to happen")
    if (heap.length === 0) return first
    heap[0] = last
    for (let at = 0;;) {
      const least = leastOf(heap, at)
      if (least === at) return first
      swap(heap, at, least)
      at = least
    }
  }
}

function leastOf(heap: ReadonlyArray<Appointment>, at: number): number {
  const [left, right] = [2 * at + 1, 2 * at + 2]
  let least = at
  if (left < heap.length && isBefore(heap, left, least)) least = left
  if (right < heap.length && isBefore(heap, right, least)) least = right
  return least
}

function isBefore(heap: ReadonlyArray<Appointment>, one: number, other: number): boolean {
  const [first, second] = [heap[one], heap[other]]
  if (first === undefined || second === undefined) return false
  return first.at < second.at || (first.at === second.at && first.tie < second.tie)
}

function swap(heap: Array<Appointment>, one: number, other: number): void {
  const [first, second] = [heap[one], heap[other]]
  if (first === undefined || second === undefined) return
  heap[one] = second
  heap[other] = first
}
