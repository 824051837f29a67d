/**
 * What one session is to be shown, how far each message is, and what its agent is doing: the state that
 * all carriers share, so that whatever shows a message, it is shown once.
 *
 * Evidence names messages by id alone, and two senders may have used the same one. Of those only the first
 * is on the desk's top: the others wait until it has surfaced or is gone.
 *
 * @module
 */
import type { Carrier, MessageId } from "@claudemesh/protocol"
import type { Evidence, InboxKey, ReceivedMessage, Session } from "@claudemesh/protocol/local_api"
import type { PeerMessage } from "../carriers/peer_text.ts"
import {
  keyOf,
  nameOfKey,
  peerMessageOf,
  type Progress,
  type ShownMessage,
  shownMessage
} from "./shown_message.ts"

/** So many that were withdrawn on their way are remembered: the client may show them yet. */
const WITHDRAWN_MAX = 256

/** What a desk has to do with the world. */
export interface DeskWorld {
  readonly now: () => number
  readonly report: (evidence: ReadonlyArray<Evidence>) => void
}

/** The messages of one session. */
export class Desk {
  readonly #world: DeskWorld
  /** In the order in which they came. */
  readonly #messages = new Map<string, ShownMessage>()
  /** Surfaced, and the daemon knows: it tells them no more once it is connected to anew. */
  readonly #settled = new Set<string>()
  #session: Session | undefined
  #isUnprompted = false
  #last: ReceivedMessage | undefined

  constructor(world: DeskWorld) {
    this.#world = world
  }

  /** The session, once it was told. */
  get session(): Session | undefined {
    return this.#session
  }

  /** The message that has surfaced last. */
  get last(): ReceivedMessage | undefined {
    return this.#last
  }

  /** How many messages are remembered. */
  get size(): number {
    return this.#messages.size
  }

  revise(session: Session): void {
    this.#session = session
  }

  /** Whether the agent acts without asking a human first; its client tells that with each hook. */
  act(isUnprompted: boolean): void {
    this.#isUnprompted = isUnprompted
  }

  /** Whether it is kept from an agent that asks nobody, until a human has let it in. */
  isKept({ isStranger }: ShownMessage): boolean {
    return isStranger && (this.#isUnprompted || this.#session?.unprompted === true)
  }

  /** The daemon begins to tell anew: what is open it will say again, and nothing is shown before that. */
  begin(): void {
    for (const shown of this.#messages.values()) {
      if (OPEN.has(shown.progress)) this.put({ ...shown, isTold: false })
    }
  }

  /** It has told all: what it has not told again is not to be shown any more. */
  forgetUntold(): void {
    for (const { isTold, message } of this.#messages.values()) {
      if (!isTold) this.withdraw(keyOf(message))
    }
  }

  /** A message is to be shown; answers whether that is new. */
  take(message: ReceivedMessage, wasPosted: boolean, isStranger = false): boolean {
    const name = nameOfKey(keyOf(message))
    const known = this.#messages.get(name)
    if (known !== undefined && known.progress !== "withdrawn") {
      this.put({ ...known, isTold: true })
      return !known.isTold
    }
    const fresh = {
      ...shownMessage(message, { now: this.#world.now(), wasPosted, isStranger }),
      isLetIn: known?.isStranger === true && !isStranger
    }
    this.#messages.delete(name)
    this.#messages.set(
      name,
      wasPosted ? { ...fresh, ...known, progress: "posted", isStranger } : fresh
    )
    return true
  }

  /** It is not to be shown any more, or was. What the client may still have is remembered for a while. */
  withdraw(key: InboxKey): void {
    const name = nameOfKey(key)
    const shown = this.#messages.get(name)
    if (shown === undefined) return
    // As long as the daemon does not know that it has surfaced, it may tell it again.
    if (shown.progress === "surfaced" && !this.#settled.has(name)) {
      return this.put({ ...shown, isTold: false })
    }
    this.#messages.delete(name)
    this.#settled.delete(name)
    if (AT_CLIENT.has(shown.progress)) this.#remember(name, shown)
  }

  #remember(name: string, shown: ShownMessage): void {
    this.#messages.set(name, { ...shown, progress: "withdrawn", isTold: true })
    const [oldest] = this.#of("withdrawn").slice(0, -WITHDRAWN_MAX)
    if (oldest !== undefined) this.#messages.delete(nameOfKey(keyOf(oldest.message)))
  }

  /** The daemon has taken evidence. */
  settle(evidence: ReadonlyArray<Evidence>): void {
    for (const { message, stage } of evidence) {
      const name = nameOfKey(message)
      const shown = this.#messages.get(name)
      if (stage !== "surfaced" || shown?.progress !== "surfaced") continue
      if (shown.isTold) this.#settled.add(name)
      else this.#messages.delete(name)
    }
  }

  /** The daemon is about to be asked anew: of what it knows by now, it tells nothing more. */
  forgetSettled(): void {
    for (const name of this.#settled) this.#messages.delete(name)
    this.#settled.clear()
  }

  /** What may be shown, in the order in which it came. */
  get open(): ReadonlyArray<ShownMessage> {
    return this.#top().filter((shown) => shown.isTold && shown.progress !== "stopped")
      .filter((shown) => this.#isWanted(shown.message) && !this.isKept(shown))
  }

  /** What was posted and has neither surfaced nor been stopped. */
  get posted(): ReadonlyArray<ShownMessage> {
    return this.#of("posted")
  }

  put(shown: ShownMessage): void {
    this.#messages.set(nameOfKey(keyOf(shown.message)), shown)
  }

  /** What evidence may name. */
  get candidates(): ReadonlyMap<MessageId, ShownMessage> {
    const shown = [...this.#of("withdrawn"), ...this.#top()]
    return new Map(shown.map((one) => [one.message.id, one]))
  }

  /** A carrier has shown them. */
  surface(shown: ReadonlyArray<ShownMessage>, carrier: Carrier): void {
    if (shown.length === 0) return
    for (const one of shown) {
      if (one.progress === "withdrawn") this.#messages.delete(nameOfKey(keyOf(one.message)))
      else this.put({ ...one, progress: "surfaced", isTold: true })
      this.#last = one.message
    }
    this.#world.report(
      shown.map(({ message }) => ({ message: keyOf(message), stage: "surfaced", carrier }))
    )
  }

  /** As it is written for the model. */
  peerMessage({ message }: ShownMessage): PeerMessage {
    return peerMessageOf(message, this.#session?.name ?? "you")
  }

  /** Whether the agent is to be told of something so important now. */
  #isWanted({ priority }: ReceivedMessage): boolean {
    if (this.#session === undefined || priority === "low") return false
    return this.#session.status !== "dnd" || priority === "now"
  }

  /** What has not surfaced; of several with one id, the first. */
  #top(): ReadonlyArray<ShownMessage> {
    const top = new Map<MessageId, ShownMessage>()
    for (const shown of this.#messages.values()) {
      const { id } = shown.message
      if (OPEN.has(shown.progress) && !top.has(id)) top.set(id, shown)
    }
    return [...top.values()]
  }

  #of(progress: Progress): ReadonlyArray<ShownMessage> {
    return [...this.#messages.values()].filter((shown) => shown.progress === progress)
  }
}

/** What may still surface by our doing, or by the client's user's. */
const OPEN: ReadonlySet<Progress> = new Set(["waiting", "posted", "stopped"])

/** What the client was given and has not shown. */
const AT_CLIENT: ReadonlySet<Progress> = new Set(["posted", "stopped", "withdrawn"])
