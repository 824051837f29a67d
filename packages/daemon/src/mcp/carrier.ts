/**
 * What a way to the model of a session has to offer: carriers are rows of one table (`carriers.ts`).
 *
 * Some push by themselves, and some give only when the client asks; each does what it can and leaves out
 * the rest. What they share is the desk: a message that one has shown, no other shows.
 *
 * @module
 */
import type { Carrier } from "@claudemesh/protocol"
import type { Activity } from "./activity.ts"
import type { Post, PostFate } from "./client_inbox.ts"
import type { Desk } from "./desk.ts"

/** What carriers do to the world around them. */
export interface CarrierWorld {
  readonly now: () => number
  readonly newId: () => string
  /** Runs it after so many milliseconds; answers with what prevents it. */
  readonly after: (millis: number, run: () => void) => () => void
  /** Writes to the client's inbox; rejects where that cannot be done. Absent, the session has none. */
  readonly post?: ((post: Post) => Promise<void>) | undefined
  /** Looks whether the client's inbox can be reached; rejects where it cannot. */
  readonly reachInbox?: (() => Promise<void>) | undefined
  /** What takes a text and tells nothing back. */
  readonly outlets?: Outlets | undefined
}

/** The carriers that are such an outlet. */
export type OutletName = "rewake" | "monitor" | "channel"

/** All outlets of a session. */
export interface Outlets {
  /** Whether a text can be given now. */
  readonly isReady: (name: OutletName) => boolean
  /** Gives one; answers whether that could be done. */
  readonly give: (name: OutletName, text: string) => boolean
}

/** What a carrier is made of. */
export interface CarrierParts {
  readonly world: CarrierWorld
  readonly desk: Desk
  readonly activity: Activity
  /** Says what was seen of messages that are not shown by it. */
  readonly report: ConstructorParameters<typeof Desk>[0]["report"]
  /** It has begun or ceased to work. */
  readonly onChange: () => void
}

/**
 * A moment at which the client takes what a hook returns: a human has spoken to an agent at rest, or to one
 * that works (`queued`); the agent has used its tools; it is about to end its turn.
 */
export type Moment = "prompt" | "queued" | "tools" | "stop"

/** One way to the model. */
export interface SessionCarrier {
  readonly name: Carrier
  /** Whether it reaches an agent that does nothing. */
  readonly canWake: boolean
  /** Whether it works, as far as anybody has seen. */
  readonly isOpen: boolean
  /** There may be something to show: it looks for it in so many milliseconds at the latest. */
  readonly offer?: (millis: number) => void
  /** What the client is to read now; it has surfaced by that. */
  readonly handOver?: (moment: Moment) => string | undefined
  /** The client says what became of posts. */
  readonly noticed?: (fate: PostFate, posts: ReadonlyArray<string>) => void
  /** The client has shown that it took something that this carrier was given. */
  readonly proved?: () => void
  /** Somebody has come who waits for what it gives. */
  readonly arrived?: () => void
}
