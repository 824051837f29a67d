/**
 * Does errands at the daemon: one after the other, each again until somebody has taken or refused it.
 *
 * @module
 */
import type { DaemonLink, DaemonRequest, LinkWorld } from "./daemon_link.ts"

/** One of them. */
export interface Errand {
  readonly request: DaemonRequest
  /** What it is about, for whoever looks for a fault. */
  readonly what: string
  readonly onTaken: () => void
  readonly onRefused: () => void
  /** Nobody was there: it is asked for again later. */
  readonly onAway?: () => void
}

/** Where they come from: the next one, the same as before until it was taken or refused. */
export type NextErrand = () => Errand | undefined

/** How long it waits before a daemon that has other things to do is asked again. */
const AGAIN_MILLIS = 250

/** Runs errands of one kind. */
export class Errands {
  readonly #link: Pick<DaemonLink, "ask" | "isConnected">
  readonly #world: Pick<LinkWorld, "after" | "say">
  readonly #next: NextErrand
  #isRunning = false

  constructor(
    link: Pick<DaemonLink, "ask" | "isConnected">,
    world: Pick<LinkWorld, "after" | "say">,
    next: NextErrand
  ) {
    this.#link = link
    this.#world = world
    this.#next = next
  }

  /** Does what there is to do, unless that is under way; the daemon's coming back is an occasion for it. */
  run(): void {
    const errand = this.#isRunning || !this.#link.isConnected ? undefined : this.#next()
    if (errand === undefined) return
    this.#isRunning = true
    void this.#link.ask(errand.request).then((outcome) => {
      this.#isRunning = false
      if (outcome === "away") {
        errand.onAway?.()
        this.#world.after(AGAIN_MILLIS, () => this.run())
        return
      }
      if (outcome === "taken") errand.onTaken()
      else this.#refused(errand, outcome.refused)
      this.run()
    })
  }

  #refused({ onRefused, what }: Errand, reason: string): void {
    this.#world.say(`the daemon does not take ${what}: ${reason}`)
    onRefused()
  }
}
