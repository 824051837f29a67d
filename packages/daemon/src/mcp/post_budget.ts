/**
 * How many posts a client takes: a burst, then one in a while. What is more it drops.
 *
 * The client was seen to take 30 posts at once and one in 2 seconds from then on (`claude_code.md` §3); we
 * stay below that.
 *
 * @module
 */

const BURST = 20
const REFILL_MILLIS = 2_000

/** Counts posts, as a bucket that fills up again. */
export class PostBudget {
  #left = BURST
  #filledAt: number

  constructor(now: number) {
    this.#filledAt = now
  }

  /** How long the next post has to wait. */
  waits(now: number): number {
    this.#fill(now)
    return this.#left > 0 ? 0 : this.#filledAt + REFILL_MILLIS - now
  }

  spend(now: number): void {
    this.#fill(now)
    this.#left -= 1
  }

  /** The client takes no more for now. */
  empty(now: number): void {
    this.#left = 0
    this.#filledAt = now
  }

  #fill(now: number): void {
    // A clock that was set back begins a new count.
    if (now < this.#filledAt) this.#filledAt = now
    const refills = Math.floor((now - this.#filledAt) / REFILL_MILLIS)
    this.#filledAt += refills * REFILL_MILLIS
    this.#left = Math.min(BURST, this.#left + refills)
    if (this.#left === BURST) this.#filledAt = now
  }
}
