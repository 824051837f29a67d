/**
 * The presence of one device: what is, what is shown of it, and when the one becomes the other.
 *
 * What is shown lags behind what is. That a device is away, or back, is shown
 * once it has lasted for a while; that it is here for the first time, or gone,
 * is shown at once.
 *
 * @module
 */
import type { DevicePresence } from "@claudemesh/protocol"
import type { Mailbox } from "../store/log_store.ts"

type State = DevicePresence["state"]

/** A moment on the clock that leases run on, and on the wall, for display. */
export interface Moment {
  readonly awake: number
  readonly wall: number
}

/** How a presence begins. */
export interface FirstPresence {
  readonly state: "away" | "gone"
  readonly leaseEnds: number
  readonly wall: number
}

/** Reads no clock: it is told when something happens. */
export class Presence {
  readonly mailbox: Mailbox
  #state: State
  #shown: State
  #showAt = 0
  #leaseEnds: number
  #wasAttached = false
  /** When each state began last. */
  readonly #since: Record<State, number>

  constructor(mailbox: Mailbox, { leaseEnds, state, wall }: FirstPresence) {
    this.mailbox = mailbox
    this.#state = state
    this.#shown = state
    this.#leaseEnds = leaseEnds
    this.#since = { attached: wall, away: wall, gone: wall }
  }

  /** It is attached; if that is a return, it is shown after `steadyMillis`. */
  attached({ awake, wall }: Moment, steadyMillis: number): void {
    if (this.#state === "gone") this.#since.attached = wall
    const isReturn = this.#wasAttached && this.#shown === "away"
    this.#wasAttached = true
    this.#become("attached", awake + (isReturn ? steadyMillis : 0))
  }

  /** It is away, and gone after `leaseMillis`. */
  lost(
    { awake, wall }: Moment,
    { leaseMillis, showMillis }: { readonly leaseMillis: number; readonly showMillis: number }
  ): void {
    if (this.#shown !== "away") this.#since.away = wall
    this.#leaseEnds = awake + leaseMillis
    this.#become("away", awake + showMillis)
  }

  /** Answers whether its lease has run out; then it is gone. */
  endLease({ awake, wall }: Moment): boolean {
    if (this.#leaseEnds > awake) return false
    this.#since.gone = wall
    this.#become("gone", awake)
    return true
  }

  /** Whether others are to be told: not at all, not yet, or now. */
  news({ awake }: Moment): "none" | "unripe" | "ripe" {
    if (this.#state === this.#shown) return "none"
    return this.#showAt > awake ? "unripe" : "ripe"
  }

  /** As others see it from now on. */
  show(): DevicePresence {
    this.#shown = this.#state
    return this.#as(this.#shown)
  }

  /** As it is to be seen. */
  seen(at: Moment): DevicePresence {
    return this.#as(this.news(at) === "ripe" ? this.#state : this.#shown)
  }

  #become(state: State, showAt: number): void {
    this.#state = state
    this.#showAt = showAt
  }

  #as(state: State): DevicePresence {
    return { device: this.mailbox.device, state, since: this.#since[state] }
  }
}
