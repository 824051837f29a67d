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

/** What a dispatcher does to the world around it. */
export interface DispatcherWorld extends CarrierWorld, DeskWorld {
  /** Another carrier reaches the agent than before. */
  readonly onChange: () => void
}

/** What a prompt is answered. */
export interface PromptAnswer {
  readonly isHuman: boolean
  readonly context: string | undefined
}

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
    const { onChange, report } = world
    this.#world = world
    this.#desk = new Desk(world)
    this.#activity = new Activity(world.now())
    const parts = { world, desk: this.#desk, activity: this.#activity, report, onChange }
    this.#carriers = carriers.map((make) => make(parts))
  }

  /** By what messages reach the agent, as far as is known. */
  get carrier(): Carrier {
    return this.#carriers.find(({ isOpen }) => isOpen)?.name ?? "poll"
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
  take(message: ReceivedMessage, wasPosted: boolean): void {
    if (!this.#desk.take(message, wasPosted)) return
    this.#offer(message.priority === "now" ? 0 : COALESCE_MILLIS)
  }

  /** It is not to be shown any more, or was. */
  withdraw(key: InboxKey): void {
    this.#desk.withdraw(key)
    // One that has the same id may have waited for that.
    this.#offer(COALESCE_MILLIS)
  }

  /** The client took a prompt: whatever of ours is in it has surfaced. A human's is an occasion for more. */
  prompted(text: string): PromptAnswer {
    const isRested = this.#activity.restedSince(0, this.#world.now()) >= ON_ITS_WAY_MILLIS
    const isEvidence = this.#witness(text)
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
    for (const carrier of this.#carriers) {
      if (carrier.canWake || this.#activity.isWorking) carrier.offer?.(millis)
    }
  }

  /** What hooks show is not read back here: a prompt with our text in it came by a carrier that posts. */
  #witness(text: string): boolean {
    const { candidates } = this.#desk
    const named = messageIdsIn(text, new Set(candidates.keys()))
    const shown = named.flatMap((id) => candidates.get(id) ?? [])
    const posting = this.#carriers.find(({ canWake }) => canWake)
    if (posting === undefined || shown.length === 0) return false
    posting.proved?.()
    this.#desk.surface(shown, posting.name)
    this.#offer(COALESCE_MILLIS)
    return true
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
