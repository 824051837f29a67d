/**
 * The carriers that only write: to a process that waits for it and whose words the client hands to the model, or
 * to the client's channel. Nobody says what became of it.
 *
 * They are for an agent at rest; one that works is given everything by the hooks. As with posts, the client's
 * prompt hook is the evidence: what stays without it while the agent rests is left to others.
 *
 * @module
 */
import { peerTexts, type SizeMax } from "../carriers/peer_text_batch.ts"
import type { CarrierParts, OutletName, SessionCarrier } from "./carrier.ts"
import { Later } from "./later.ts"
import { keyOf, type ShownMessage } from "./shown_message.ts"

/** As much as a hook may return: the client shortens what is longer. */
const TEXT_SIZE: SizeMax = { max: 9_900, unit: "characters" }

/** A text that leaves no evidence for so long at rest did not arrive; the client shows one within half a second. */
const OVERDUE_MILLIS = 30_000

/**
 * The inbox is closed after half a minute without evidence, and what was written to it right before that stays as
 * posted. An inbox that works is written to again before such a message has waited for so long.
 */
const FORSAKEN_MILLIS = 60_000

/** The client puts words of its own before ours, on the same line: no message may begin there. */
const HEAD = "Messages of peers have come by claudemesh:\n"

/** Messages that come right after each other go together. */
const COALESCE_MILLIS = 50

/** Writes to one outlet. */
export class OutletCarrier implements SessionCarrier {
  readonly name: OutletName
  readonly canWake = true
  readonly #parts: CarrierParts
  readonly #later: Later
  #isLost = false

  constructor(name: OutletName, parts: CarrierParts) {
    this.name = name
    this.#parts = parts
    this.#later = new Later(parts.world, () => this.#look())
  }

  get isOpen(): boolean {
    return !this.#isLost && (this.#isReady || this.#given.length > 0)
  }

  /** Somebody new waits: what was lost before says nothing of them. */
  arrived(): void {
    this.#isLost = false
  }

  offer(millis: number): void {
    if (this.isOpen) this.#later.within(millis)
  }

  get #isReady(): boolean {
    return this.#parts.world.outlets?.isReady(this.name) === true
  }

  /** What is on its way by it. */
  get #given(): ReadonlyArray<ShownMessage> {
    return this.#parts.desk.posted.filter(({ via }) => via === this.name)
  }

  #look(): void {
    const { activity, desk, world } = this.#parts
    if (activity.isWorking || !this.isOpen) return
    const due = desk.open.filter((shown) => shown.progress === "waiting" || this.#isForsaken(shown))
    if (due.length > 0 && this.#isReady) this.#give(due)
    // A channel's words come with the next turn, whenever that is.
    const lost = this.name === "channel" ?
      [] :
      this.#given.filter(({ postedAt }) =>
        activity.restedSince(postedAt, world.now()) >= OVERDUE_MILLIS
      )
    if (lost.length > 0) this.#lose(lost)
    else if (desk.posted.length > 0) this.offer(OVERDUE_MILLIS)
  }

  /** Another carrier had it, or a process before this one, and an agent that rests has not taken it. */
  #isForsaken({ isThere, postedAt, progress, via }: ShownMessage): boolean {
    if (progress !== "posted" || via === this.name || isThere) return false
    const { activity, world } = this.#parts
    return activity.restedSince(postedAt, world.now()) >= FORSAKEN_MILLIS
  }

  #give(due: ReadonlyArray<ShownMessage>): void {
    const { desk, report, world } = this.#parts
    const { ids, text } = peerTexts(due.map((shown) => desk.peerMessage(shown)), TEXT_SIZE)
    if (world.outlets?.give(this.name, HEAD + text) !== true) return
    const given = due.filter(({ message }) => ids.includes(message.id))
    for (const shown of given) {
      desk.put({
        ...shown,
        progress: "posted",
        via: this.name,
        post: "",
        postedAt: world.now(),
        posts: shown.posts + 1,
        missed: 0
      })
    }
    report(given.map(({ message }) => ({
      message: keyOf(message),
      stage: "posted",
      carrier: this.name
    })))
    this.offer(given.length < due.length ? COALESCE_MILLIS : OVERDUE_MILLIS)
  }

  #lose(lost: ReadonlyArray<ShownMessage>): void {
    for (const shown of lost) this.#parts.desk.put({ ...shown, progress: "waiting" })
    this.#isLost = true
    this.#parts.onChange()
  }
}
