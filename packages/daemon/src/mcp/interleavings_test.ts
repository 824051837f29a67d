import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { messageIdsIn } from "../carriers/peer_text_evidence.ts"
import { idOf } from "../carriers/testing/made_peer_message.ts"
import { keyOf } from "./shown_message.ts"
import { HandDispatcher } from "./testing/hand_dispatcher.ts"
import { madeReceived } from "./testing/made_received.ts"

const Step = Schema.Literals([
  "arrive",
  "tools",
  "human",
  "stop",
  "wait",
  "drop",
  "reconnect",
  "withdraw"
])
const MESSAGES_MAX = 12
const IDS = new Set(Array.from({ length: MESSAGES_MAX }, (_, number) => idOf(number)))

/**
 * A client as it was measured: it takes posts after the tools of a batch, and as long as it rests, unless it
 * reads no inbox at all. It drops a text that it has had.
 */
class Client {
  readonly hand = new HandDispatcher()
  /** How many times the model was shown each. */
  readonly shown = new Map<string, number>()
  readonly withdrawn = new Set<number>()
  readonly #had = new Set<string>()
  readonly #readsInbox: boolean
  #taken = 0
  #arrived = 0
  #isWorking = false

  constructor(readsInbox: boolean) {
    this.#readsInbox = readsInbox
  }

  get arrived(): number {
    return this.#arrived
  }

  do(step: typeof Step.Type): void {
    this.#steps[step]()
  }

  readonly #steps: Readonly<Record<typeof Step.Type, () => void>> = {
    arrive: () => this.arrive(),
    tools: () => {
      if (this.#isWorking) this.tools()
    },
    human: () => {
      this.#see(this.hand.dispatcher.prompted("Go on").context)
      this.#isWorking = true
    },
    stop: () => {
      if (this.#isWorking) this.stop()
    },
    wait: () => {
      this.hand.clock.move(1_500)
      this.rest()
    },
    drop: () => this.dropLast(),
    reconnect: () => this.reconnect(),
    withdraw: () => this.withdraw()
  }

  arrive(): void {
    if (this.#arrived < MESSAGES_MAX) {
      this.hand.dispatcher.take(madeReceived(this.#arrived), false)
      this.#arrived += 1
    }
    this.hand.clock.move(60)
  }

  tools(): void {
    this.hand.clock.move(1_200)
    this.#see(this.hand.dispatcher.toolsUsed())
    this.drain()
  }

  stop(): void {
    const context = this.hand.dispatcher.stopping()
    this.#see(context)
    this.#isWorking = context !== undefined
    this.rest()
  }

  /** At rest, what is in the inbox is taken at once. */
  rest(): void {
    if (!this.#isWorking) this.drain()
  }

  drain(): void {
    if (!this.#readsInbox) return
    for (const { text } of this.hand.posts.slice(this.#taken)) {
      if (this.#had.has(text)) continue
      this.#had.add(text)
      this.#see(text)
      this.#isWorking = true
      this.hand.dispatcher.prompted(
        `<cross-session-message from="x">\n${text}\n</cross-session-message>`
      )
    }
    this.#taken = this.hand.posts.length
  }

  dropLast(): void {
    if (!this.#readsInbox || this.#taken === this.hand.posts.length) return
    const dropped = this.hand.posts.slice(this.#taken).map(({ id }) => id)
    this.#taken = this.hand.posts.length
    this.hand.dispatcher.noticed("gone", dropped)
  }

  /** The daemon comes back and tells what it does not know to have surfaced; it hears of that later. */
  reconnect(): void {
    const { dispatcher } = this.hand
    dispatcher.begin()
    for (let number = 0; number < this.#arrived; number += 1) {
      if (!this.withdrawn.has(number)) dispatcher.take(madeReceived(number), true)
    }
    dispatcher.forgetUntold()
  }

  withdraw(): void {
    const number = this.#arrived - 1
    if (number < 0) return
    this.withdrawn.add(number)
    this.hand.dispatcher.withdraw(keyOf(madeReceived(number)))
  }

  #see(text = ""): void {
    for (const id of messageIdsIn(text, IDS)) this.shown.set(id, (this.shown.get(id) ?? 0) + 1)
  }
}

describe("Dispatcher in any interleaving", () => {
  it.prop(
    "shows each message once at most, and at last each that is not withdrawn",
    [Schema.Array(Step).check(Schema.isMaxLength(60)), Schema.Boolean],
    ([steps, readsInbox]) => {
      const client = new Client(readsInbox)

      for (const step of steps) client.do(step)
      for (let turns = 0; turns < 4; turns += 1) {
        client.do("human")
        client.do("tools")
        client.do("tools")
        client.do("tools")
        client.do("wait")
      }

      for (const [id, times] of client.shown) assert.strictEqual(times, 1, id)
      for (let number = 0; number < client.arrived; number += 1) {
        if (!client.withdrawn.has(number)) {
          assert.isTrue(client.shown.has(idOf(number)), idOf(number))
        }
      }
    },
    { arbitrary: { seed: "interleavings", runs: 500 } }
  )
})
