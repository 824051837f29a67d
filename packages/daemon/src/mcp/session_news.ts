/**
 * What is new of a session, as long as the daemon was not told.
 *
 * The latest holds. The same is not said twice, but that the agent still works: the daemon forgets that.
 *
 * @module
 */
import type { Carrier } from "@claudemesh/protocol"
import type { ReviseSession } from "@claudemesh/protocol/local_api"

/** Keeps what is known of a session, and what of it was said. */
export class SessionNews {
  #known: ReviseSession = {}
  #isHuman = false
  #isSignal = false
  #said = ""

  /** Something was seen. */
  note({ human, ...revision }: ReviseSession): void {
    this.#known = { ...this.#known, ...revision }
    if (human === true) this.#isHuman = true
    if (revision.status?.is === "working") this.#isSignal = true
  }

  /** The daemon may have forgotten everything. */
  repeat(): void {
    this.#said = ""
  }

  /** What is to be said now; nothing where that was said before. */
  next(carrier: Carrier): ReviseSession | undefined {
    const known = { ...this.#known, carrier }
    if (!this.#isHuman && !this.#isSignal && JSON.stringify(known) === this.#said) return undefined
    return this.#isHuman ? { ...known, human: true } : known
  }

  /** That was said; what was noted meanwhile is still to be said. */
  saying({ human, ...known }: ReviseSession): void {
    this.#said = JSON.stringify(known)
    this.#isSignal = false
    if (human === true) this.#isHuman = false
  }

  /** It did not arrive. */
  unsaid({ human }: ReviseSession): void {
    this.#said = ""
    if (human === true) this.#isHuman = true
  }
}
