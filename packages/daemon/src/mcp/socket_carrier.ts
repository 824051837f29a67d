/**
 * The carrier of posts to the client's inbox: it wakes an idle agent, and a busy one reads it at its next
 * request.
 *
 * Whether the inbox is there is looked at once, at the start. That the client took a post is shown by its own
 * prompt hook, and by nothing else. Several messages go into one post. An idle agent that is not woken is posted
 * to once more with the same text, which the client drops if it has it; after that its inbox is taken for closed,
 * until there is evidence again.
 *
 * @module
 */
import { peerTexts, type SizeMax } from "../carriers/peer_text_batch.ts"
import type { CarrierParts, SessionCarrier } from "./carrier.ts"
import type { PostFate } from "./client_inbox.ts"
import { Later } from "./later.ts"
import { PostBudget } from "./post_budget.ts"
import { keyOf, type ShownMessage } from "./shown_message.ts"

/** What the client dropped is posted anew so soon, if the budget allows it. */
const COALESCE_MILLIS = 50

/** An idle agent is woken by a post within half a second: one that leaves no evidence for this long is made again. */
const POST_AGAIN_MILLIS = 30_000

/** After so many posts without evidence, the client's inbox is taken for closed. */
const POSTS_MAX = 2

/** What the client has dropped so often is left to other carriers. */
const TRIES_MAX = 5

/** A line of the client's inbox may hold 1 MiB. */
const POST_SIZE: SizeMax = { max: 512 * 1_024, unit: "json_bytes" }

/** What the client had before and was kept from showing it would drop as a text that it has. */
const LET_IN = "Your user has read this and lets you see it:\n"

/** Posts by itself. */
export class SocketCarrier implements SessionCarrier {
  readonly name = "socket"
  readonly canWake = true
  readonly #parts: CarrierParts
  readonly #budget: PostBudget
  readonly #later: Later
  #isOpen: boolean

  constructor(parts: CarrierParts) {
    const { desk, world: { after, now, post } } = parts
    this.#parts = parts
    this.#isOpen = post !== undefined
    this.#budget = new PostBudget(now())
    this.#later = new Later({ after, now }, () => this.#look())
    parts.world.reachInbox?.().catch(() => this.#close(desk.posted))
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  offer(millis: number): void {
    if (this.#isOpen) this.#later.within(millis)
  }

  noticed(fate: PostFate, posts: ReadonlyArray<string>): void {
    const { desk, report, world } = this.#parts
    const named = desk.posted.filter(({ post }) => posts.includes(post))
    for (const shown of named) desk.put({ ...shown, ...AFTER[fate] })
    if (fate === "gone") {
      this.#budget.empty(world.now())
      this.offer(COALESCE_MILLIS)
    }
    const because = BECAUSE.get(fate)
    if (because === undefined || named.length === 0) return
    report(named.map(({ message }) => ({ message: keyOf(message), stage: "held", because })))
  }

  proved(): void {
    if (this.#parts.world.post !== undefined) this.#become(true)
  }

  #look(): void {
    if (!this.#isOpen) return
    const { desk, world } = this.#parts
    const now = world.now()
    const due = this.#due(now)
    if (due.length > 0) return this.#postWithinBudget(due, now)
    const lost = desk.open.filter((shown) => this.#isOverdue(shown, now))
    if (lost.length > 0) return this.#close(lost)
    if (desk.open.some(({ progress }) => progress === "posted")) this.offer(POST_AGAIN_MILLIS)
  }

  /** What is new; else one post that has left no evidence, as it was. */
  #due(now: number): ReadonlyArray<ShownMessage> {
    const { open } = this.#parts.desk
    const fresh = open.filter(({ posts, progress }) => progress === "waiting" && posts < TRIES_MAX)
    if (fresh.length > 0) return fresh
    const again = open.filter((shown) => shown.posts < POSTS_MAX && this.#isOverdue(shown, now))
    return again.filter(({ post }) => post === again[0]?.post)
  }

  /** An agent that rests takes a post at once; one that has just come to rest was not able to before. */
  #isOverdue({ isThere, postedAt, progress, via = this.name }: ShownMessage, now: number): boolean {
    if (progress !== "posted" || via !== this.name || isThere) return false
    return this.#parts.activity.restedSince(postedAt, now) >= POST_AGAIN_MILLIS
  }

  #postWithinBudget(due: ReadonlyArray<ShownMessage>, now: number): void {
    const waits = this.#budget.waits(now)
    if (waits > 0) return this.offer(waits)
    this.#budget.spend(now)
    this.#post(due, now)
    // What found no room in it, or was posted apart, comes next.
    this.offer(this.#due(now).length > 0 ? COALESCE_MILLIS : POST_AGAIN_MILLIS)
  }

  #post(due: ReadonlyArray<ShownMessage>, now: number): void {
    const { desk, report, world } = this.#parts
    const { ids, text } = peerTexts(due.map((shown) => desk.peerMessage(shown)), POST_SIZE)
    const id = world.newId()
    const head = due.some(({ isLetIn }) => isLetIn) ? LET_IN : ""
    const posted = due.filter(({ message }) => ids.includes(message.id))
      .map((shown) => inPost(shown, id, now))
    for (const shown of posted) desk.put(shown)
    report(posted.map(({ message }) => ({
      message: keyOf(message),
      stage: "posted",
      carrier: this.name
    })))
    void world.post?.({ id, text: head + text, from: senderOf(posted) }).catch(() =>
      this.#close(posted)
    )
  }

  /** Nothing goes by the client's inbox any more; other carriers take at once what did not get through. */
  #close(lost: ReadonlyArray<ShownMessage>): void {
    const { desk } = this.#parts
    for (const { message, post } of lost) {
      const shown = desk.posted.find((one) => one.message === message && one.post === post)
      if (shown !== undefined) desk.put({ ...shown, progress: "waiting" })
    }
    this.#become(false)
  }

  #become(isOpen: boolean): void {
    if (this.#isOpen === isOpen) return
    this.#isOpen = isOpen
    this.#parts.onChange()
  }
}

function inPost(shown: ShownMessage, post: string, postedAt: number): ShownMessage {
  return {
    ...shown,
    progress: "posted",
    via: "socket",
    post,
    postedAt,
    posts: shown.posts + 1,
    missed: 0
  }
}

/** The one who wrote, or nobody in particular. */
function senderOf(posted: ReadonlyArray<ShownMessage>): string {
  const [from = "claudemesh", ...others] = new Set(posted.map(({ message }) => message.from))
  return others.length === 0 ? from : "claudemesh"
}

/** What a notice makes of a message: what is gone may go again, what is a duplicate is there already. */
const AFTER = {
  held: { progress: "stopped" },
  refused: { progress: "stopped" },
  gone: { progress: "waiting", missed: 0 },
  duplicate: { isThere: true }
} as const satisfies Record<PostFate, Partial<ShownMessage>>

/** What keeps a message from the agent where the client's user does so. */
const BECAUSE = new Map<PostFate, "client_hold" | "client_refuse">([
  ["held", "client_hold"],
  ["refused", "client_refuse"]
])
