/**
 * Processes that the client runs for us and that wait until there is something for its agent: what they print
 * as they end, or while they run, the client hands to the model.
 *
 * Of each kind one waits. Another one, and one that is not needed because a better carrier works, is sent away.
 *
 * @module
 */
import type { Carrier } from "@claudemesh/protocol"

/** What waits: a hook of which the end wakes the agent, or a monitor that the client reads line by line. */
export const WAITER_KINDS = ["rewake", "monitor"] as const satisfies ReadonlyArray<Carrier>
export type WaiterKind = (typeof WAITER_KINDS)[number]

/** One of them, as it is connected. */
export interface Waiter {
  readonly give: (text: string) => void
  readonly dismiss: () => void
}

/** What a room has to know. */
export interface WaitingRoomOptions {
  readonly isWanted: (kind: WaiterKind) => boolean
  /** One has come. */
  readonly onArrival: () => void
}

/** Those that wait for one session. */
export class WaitingRoom {
  readonly #options: WaitingRoomOptions
  readonly #waiting = new Map<WaiterKind, Waiter>()

  constructor(options: WaitingRoomOptions) {
    this.#options = options
  }

  /** It may stay, or is sent away; answers what to call when it leaves by itself. */
  admit(kind: WaiterKind, waiter: Waiter): () => void {
    if (this.#waiting.has(kind) || !this.#options.isWanted(kind)) {
      waiter.dismiss()
      return () => {}
    }
    this.#waiting.set(kind, waiter)
    this.#options.onArrival()
    return () => this.#leave(kind, waiter)
  }

  has(kind: WaiterKind): boolean {
    return this.#waiting.has(kind)
  }

  /** Hands it a text; answers whether one was there. A hook ends with it, a monitor goes on. */
  give(kind: WaiterKind, text: string): boolean {
    const waiter = this.#waiting.get(kind)
    if (waiter === undefined) return false
    waiter.give(text)
    if (kind === "rewake") {
      this.#waiting.delete(kind)
      waiter.dismiss()
    }
    return true
  }

  /** Nobody waits any more. */
  end(): void {
    for (const waiter of this.#waiting.values()) waiter.dismiss()
    this.#waiting.clear()
  }

  #leave(kind: WaiterKind, waiter: Waiter): void {
    if (this.#waiting.get(kind) === waiter) this.#waiting.delete(kind)
  }
}
