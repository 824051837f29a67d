/**
 * Decides by which carrier each message reaches the model of one session, and when that is said of it.
 *
 * A message goes by the first carrier that takes it, and by the next once the first had its chance and left
 * no evidence: a post that is still on its way is not doubled, and none is lost where the client's inbox
 * does not work. Whatever shows a message, it is shown once.
 *
 * When the client had a chance to take a post (`claude_code.md` §3): right after the agent has used its
 * tools, and as long as it rests. What is queued then, it reads before the next hook that could double it.
 *
 * @module
 */
import type { Carrier } from "@claudemesh/protocol"
import type { InboxKey, ReceivedMessage, Session } from "@claudemesh/protocol/local_api"
import { messageIdsIn } from "../carriers/peer_text_evidence.ts"
import { Activity } from "./activity.ts"
import type { CarrierWorld, Moment, SessionCarrier } from "./carrier.ts"
import { carriers } from "./carriers.ts"
import type { PostFate } from "./client_inbox.ts"
import { Desk, type DeskWorld } from "./desk.ts"
import { isHumanPrompt } from "./human_prompt.ts"
import { keyOf, type ShownMessage } from "./shown_message.ts"

/** What a dispatcher does to the world around it. */
export interface DispatcherWorld extends CarrierWorld, DeskWorld {
  /** Another carrier reaches the agent than before. */
  readonly onChange: () => void
}

/** What a prompt is answered. */
export interface PromptAnswer {
  readonly isHuman: boolean
  readonly context?: string | undefined
  /** Why the client is to take nothing of it. */
  readonly block?: string | undefined
}

/** What the agent's user reads where it is kept from its agent. */
const KEPT = "A stranger's words are kept from an agent that asks nobody: claudemesh held list"

/** Messages that come within this time go into one post. */
const COALESCE_MILLIS = 50

/** A post that is younger may not have been read by the client yet. */
const ON_ITS_WAY_MILLIS = 1_000

/** The client lets a stop hook prolong a turn so many times in a row. */
const STOPS_MAX = 8

/** Decides for one session. */
export class Dispatcher {
  readonly #world: DispatcherWorld
  readonly #desk: Desk
  readonly #activity: Activity
  readonly #carriers: ReadonlyArray<SessionCarrier>
  #stops = 0

  constructor(world: DispatcherWorld) {
    const { report } = world
    this.#world = world
    this.#desk = new Desk(world)
    this.#activity = new Activity(world.now())
    const parts = {
      world,
      desk: this.#desk,
      activity: this.#activity,
      report,
      onChange: () => this.#changed()
    }
    this.#carriers = carriers.map((make) => make(parts))
  }

  /** By what messages reach the agent, as far as is known. */
  get carrier(): Carrier {
    return (this.#waking ?? this.#carriers.find(({ isOpen }) => isOpen))?.name ?? "poll"
  }

  /** The first of those that reach an agent at rest. */
  get #waking(): SessionCarrier | undefined {
    return this.#carriers.find(({ canWake, isOpen }) => canWake && isOpen)
  }

  /** Whether one that waits for what this carrier gives would be given it: no better one works. */
  awaits(name: Carrier): boolean {
    const wanted = this.#carriers.findIndex((carrier) => carrier.name === name)
    const better = this.#carriers.slice(0, wanted)
    return wanted !== -1 && !better.some(({ canWake, isOpen }) => canWake && isOpen)
  }

  /** One has come who waits for what a carrier gives. */
  arrived(): void {
    for (const carrier of this.#carriers) carrier.arrived?.()
    this.#changed()
  }

  /** Another carrier may be the first one now. */
  #changed(): void {
    this.#world.onChange()
    this.#offer(0)
  }

  /** The messages of the session. */
  get desk(): Pick<Desk, "forgetSettled" | "last" | "settle" | "size"> {
    return this.#desk
  }

  /** The daemon begins to tell anew. */
  begin(): void {
    this.#desk.begin()
  }

  /** It has told everything. */
  forgetUntold(): void {
    this.#desk.forgetUntold()
  }

  /** The session is called so, and its user wants that. */
  revise(session: Session): void {
    this.#desk.revise(session)
    this.#activity.suppose(session.status, this.#world.now())
    this.#offer(0)
  }

  /** A message is to be shown; one that was posted before this process began may be on its way. */
  take(message: ReceivedMessage, wasPosted: boolean, isStranger = false): void {
    if (!this.#desk.take(message, wasPosted, isStranger)) return
    this.#offer(message.priority === "now" ? 0 : COALESCE_MILLIS)
  }

  /** It is not to be shown any more, or was. */
  withdraw(key: InboxKey): void {
    this.#desk.withdraw(key)
    // One that has the same id may have waited for that.
    this.#offer(COALESCE_MILLIS)
  }

  /** The agent acts without asking a human first, or does ask. */
  act(isUnprompted: boolean): void {
    this.#desk.act(isUnprompted)
  }

  /** The client took a prompt: whatever of ours is in it has surfaced. A human's is an occasion for more. */
  prompted(text: string): PromptAnswer {
    const isRested = this.#activity.restedSince(0, this.#world.now()) >= ON_ITS_WAY_MILLIS
    const posted = this.#postedIn(text)
    if (posted.some((shown) => this.#desk.isKept(shown))) {
      this.#keepBack(posted)
      return { isHuman: false, block: KEPT }
    }
    const isEvidence = this.#witness(posted)
    const isHuman = !isEvidence && isHumanPrompt(text)
    if (isHuman) this.#stops = 0
    const context = isHuman ? this.#handOver(isRested ? "prompt" : "queued") : undefined
    this.#activity.works(this.#world.now())
    return { isHuman, context }
  }

  /** The agent has used its tools, and reads what is returned now with what they gave. */
  toolsUsed(): string | undefined {
    this.#activity.works(this.#world.now())
    return this.#handOver("tools")
  }

  /** The agent is about to end its turn: it goes on with what is returned now. */
  stopping(): string | undefined {
    const context = this.#stops < STOPS_MAX ? this.#handOver("stop") : undefined
    if (context === undefined) this.rested()
    else this.#stops += 1
    return context
  }

  /** The agent does nothing. */
  rested(): void {
    this.#stops = 0
    this.#activity.rests(this.#world.now())
    this.#offer(0)
  }

  /** The client says what became of posts. */
  noticed(fate: PostFate, posts: ReadonlyArray<string>): void {
    for (const carrier of this.#carriers) carrier.noticed?.(fate, posts)
  }

  #offer(millis: number): void {
    this.#waking?.offer?.(millis)
  }

  /** What hooks show is not read back here: a prompt with our text in it came by a carrier that posts. */
  #witness(posted: ReadonlyArray<ShownMessage>): boolean {
    if (posted.length === 0) return false
    for (const [name, ones] of this.#proved(posted)) this.#desk.surface(ones, name)
    this.#offer(COALESCE_MILLIS)
    return true
  }

  #postedIn(text: string): ReadonlyArray<ShownMessage> {
    const { candidates } = this.#desk
    const named = messageIdsIn(text, new Set(candidates.keys()))
    return named.flatMap((id) => candidates.get(id) ?? [])
  }

  /** That the client took them shows that these carriers work. */
  #proved(posted: ReadonlyArray<ShownMessage>) {
    const byCarrier = Map.groupBy(posted, ({ via = "socket" }) => via)
    for (const carrier of this.#carriers) if (byCarrier.has(carrier.name)) carrier.proved?.()
    return byCarrier
  }

  /**
   * The client is about to show what was posted before it said that its agent asks nobody: a session tells its
   * mode with its first prompt. It takes nothing of it, and what may be shown is posted again by itself.
   */
  #keepBack(posted: ReadonlyArray<ShownMessage>): void {
    this.#proved(posted)
    const kept = posted.filter((shown) => this.#desk.isKept(shown))
    for (const shown of posted) {
      if (shown.progress === "withdrawn") continue
      this.#desk.put({
        ...shown,
        progress: kept.includes(shown) ? "stopped" : "waiting",
        missed: 0
      })
    }
    this.#world.report(kept.map(({ message }) => ({
      message: keyOf(message),
      stage: "held",
      because: "unknown_sender"
    })))
    this.#offer(COALESCE_MILLIS)
  }

  #handOver(moment: Moment): string | undefined {
    let context: string | undefined
    for (const carrier of this.#carriers) context ??= carrier.handOver?.(moment)
    this.#countMissed(moment)
    return context
  }

  /** What the client could have taken by now, or will have before the next hook, it was given its chance for. */
  #countMissed(moment: Moment): void {
    const now = this.#world.now()
    for (const shown of this.#desk.open) {
      if (shown.progress !== "posted") continue
      const { missed, postedAt } = shown
      const chance = moment === "tools"
        ? now - postedAt
        : this.#activity.restedSince(postedAt, now)
      if (!CHANCES.has(moment) || chance < ON_ITS_WAY_MILLIS) continue
      this.#desk.put({ ...shown, missed: missed + 1 })
    }
  }
}

/** Moments right after which, or before which, the client reads its inbox. */
const CHANCES: ReadonlySet<Moment> = new Set(["prompt", "tools"])
