/**
 * A dispatcher in a world that a test moves by hand: what it posts and reports is kept.
 *
 * @module
 */
import type { Evidence } from "@claudemesh/protocol/local_api"
import type { OutletName } from "../carrier.ts"
import type { Post } from "../client_inbox.ts"
import { Dispatcher } from "../dispatcher.ts"
import { HandClock } from "./hand_clock.ts"
import { madeSession } from "./made_received.ts"

/** How its world is. */
export interface HandOptions {
  /** What writing to the client's inbox comes to; `none` where the session has no inbox. */
  readonly inbox?: "open" | "closed" | "none"
  /** Whether that inbox is there at the start. */
  readonly reach?: "open" | "closed"
  /** Whether the session was told already. */
  readonly isTold?: boolean
}

/** A dispatcher and what it did. */
export class HandDispatcher {
  readonly clock = new HandClock()
  readonly posts: Array<Post> = []
  readonly reported: Array<Evidence> = []
  /** What was given to those who wait. */
  readonly given: Array<string> = []
  readonly dispatcher: Dispatcher
  readonly #waiting = new Set<OutletName>()
  changes = 0

  constructor({ inbox = "open", isTold = true, reach = "open" }: HandOptions = {}) {
    const { after, now } = this.clock
    let ids = 0
    this.dispatcher = new Dispatcher({
      now,
      after,
      newId: () => `post ${ids += 1}`,
      report: (evidence) => this.reported.push(...evidence),
      onChange: () => this.changes += 1,
      reachInbox: () =>
        reach === "open" ? Promise.resolve() : Promise.reject(new Error("nobody listens")),
      outlets: {
        isReady: (name) => this.#waiting.has(name),
        give: (name, text) => {
          this.given.push(text)
          return this.#waiting.delete(name)
        }
      },
      post: inbox === "none" ? undefined : (post) => {
        this.posts.push(post)
        return inbox === "open" ? Promise.resolve() : Promise.reject(new Error("nobody listens"))
      }
    })
    if (isTold) this.dispatcher.revise(madeSession())
    this.clock.move(0)
  }

  /** Somebody waits for what that carrier gives, once. */
  readonly wait = (name: OutletName): void => {
    this.#waiting.add(name)
    this.dispatcher.arrived()
  }

  /** The stages that were reported of a message, by the last digits of its id. */
  readonly stagesOf = (number: number): ReadonlyArray<string> =>
    this.reported.filter(({ message }) => Number(message.id.slice(-12)) === number)
      .map((one) =>
        one.stage === "held"
          ? `held: ${one.because}`
          : `${one.stage}: ${"carrier" in one ? one.carrier : ""}`
      )

  /** The post as the client hands it to its prompt hook. */
  prompt(at = -1): string {
    const text = this.posts.at(at)?.text ?? ""
    return `<cross-session-message from="uds:x">\n${text}\n</cross-session-message>`
  }
}
