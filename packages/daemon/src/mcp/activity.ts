/**
 * What the agent of a session is doing, as its client's hooks tell it.
 *
 * Until the first hook, it is what the daemon knows of the session.
 *
 * @module
 */
import type { AgentStatus } from "@claudemesh/protocol"

/** Whether the agent works, and since when it rests. */
export class Activity {
  #isWorking = false
  #isHeard = false
  #restsSince: number

  constructor(now: number) {
    this.#restsSince = now
  }

  get isWorking(): boolean {
    return this.#isWorking
  }

  /** What the daemon knows; the hooks know better. */
  suppose(status: AgentStatus, now: number): void {
    if (!this.#isHeard) this.#become(status === "working", now)
  }

  works(now: number): void {
    this.#isHeard = true
    this.#become(true, now)
  }

  rests(now: number): void {
    this.#isHeard = true
    this.#become(false, now)
  }

  /** For how long it has rested since that time; not at all while it works. */
  restedSince(time: number, now: number): number {
    return this.#isWorking ? 0 : Math.max(0, now - Math.max(time, this.#restsSince))
  }

  #become(isWorking: boolean, now: number): void {
    if (this.#isWorking && !isWorking) this.#restsSince = now
    this.#isWorking = isWorking
  }
}
