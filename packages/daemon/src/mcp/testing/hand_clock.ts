/**
 * A clock that a test moves by hand, and what is to be run as it moves.
 *
 * @module
 */

interface Timer {
  readonly at: number
  readonly run: () => void
}

/** Time that stands still until it is moved. */
export class HandClock {
  #now = 1_000_000
  readonly #timers = new Set<Timer>()

  readonly now = (): number => this.#now

  readonly after = (millis: number, run: () => void): () => void => {
    const timer = { at: this.#now + millis, run }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** How many things are still to be run. */
  get pending(): number {
    return this.#timers.size
  }

  /** Moves on, and runs what is due, each at its time. */
  move(millis: number): void {
    const end = this.#now + millis
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#timers.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.run()
    }
    this.#now = end
  }

  #next(end: number): Timer | undefined {
    let next: Timer | undefined
    for (const timer of this.#timers) {
      if (timer.at <= end && (next === undefined || timer.at < next.at)) next = timer
    }
    return next
  }
}
