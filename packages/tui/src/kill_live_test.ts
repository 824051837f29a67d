/**
 * Kills daemons and the broker at random moments of an exchange, and counts what arrives.
 *
 * Goal: nothing accepted is lost, doubled or out of order. Method: two
 * machines send each other numbered messages while a seeded plan kills one
 * process after the other with SIGKILL and starts it again. Every send is
 * repeated with its id until it is accepted, as a careful client would.
 *
 * @module
 */
import { messageIdOf, seededBytes } from "@claudemesh/testkit"
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Ref, Schedule } from "effect"
import { type Machine, makeRealMesh, type Part } from "./testing/real_mesh.ts"

/** Messages in each direction. */
const MESSAGES = 100

const KILLS = 7

interface Kill {
  /** How many accepted messages it waits for. */
  readonly after: number
  /** Then how long, so that it strikes at any point of what follows. */
  readonly delayMillis: number
  readonly victim: number
}

/** Kills spread over the exchange; the same seed kills the same process after the same message. */
function killPlan(seed: string): ReadonlyArray<Kill> {
  const bytes = seededBytes(seed)
  return Array.from({ length: KILLS }, (_, at) => {
    const [spread = 0, delayMillis = 0, victim = 0] = bytes(3)
    const step = (2 * MESSAGES) / KILLS
    return {
      after: Math.floor(at * step + (spread / 256) * step),
      delayMillis: delayMillis / 8,
      victim: victim % 3
    }
  })
}

/** The messages of one direction: ids of their own, texts of growing length. */
function conversation(firstId: number) {
  return Array.from({ length: MESSAGES }, (_, number) => ({
    id: messageIdOf(firstId + number),
    text: `message ${number}: ${"x".repeat(number)}`
  }))
}
type Conversation = ReturnType<typeof conversation>

/** Sends every message, each again until it is accepted. */
function sendAll(machine: Machine, to: string, { accepted, messages }: {
  readonly messages: Conversation
  readonly accepted: Ref.Ref<number>
}) {
  return Effect.forEach(
    messages,
    (message) =>
      machine.daemon.messages.send({ headers: {}, payload: { to, ...message } }).pipe(
        Effect.retry(Schedule.spaced("20 millis")),
        Effect.andThen(Ref.update(accepted, (count) => count + 1))
      ),
    { discard: true }
  )
}

const carryOut = Effect.fnUntraced(
  function*(plan: ReadonlyArray<Kill>, parts: ReadonlyArray<Part>, accepted: Ref.Ref<number>) {
    for (const { after, delayMillis, victim } of plan) {
      yield* Ref.get(accepted).pipe(
        Effect.repeat({ until: (count) => count >= after, schedule: Schedule.spaced(1) })
      )
      yield* Effect.sleep(delayMillis)
      yield* parts[victim]?.kill ?? Effect.void
      yield* parts[victim]?.start ?? Effect.void
    }
  }
)

/** Everything the machine has got, in the order it came, once that is all there will be. */
function arrived(machine: Machine) {
  return machine.daemon.messages.inbox({ query: { limit: 500 } }).pipe(
    Effect.filterOrFail(({ items }) => items.length >= MESSAGES),
    Effect.retry(Schedule.spaced("50 millis")),
    Effect.timeout("60 seconds"),
    Effect.map(({ items }) => items.map(({ id, text }) => ({ id, text })))
  )
}

/** Waits until the recipient has signed for all of them. */
function signed(machine: Machine, messages: Conversation) {
  return Effect.forEach(
    messages,
    ({ id }) =>
      machine.daemon.messages.show({ params: { id }, query: {} }).pipe(
        Effect.filterOrFail((message) =>
          message.direction === "sent" && message.state === "inboxed"
        ),
        Effect.retry(Schedule.spaced("50 millis")),
        Effect.timeout("30 seconds")
      ),
    { discard: true }
  )
}

describe("an exchange of messages", () => {
  it.live.each(["seed one", "seed two"])(
    "survives kills of every process with %s",
    (seed) =>
      Effect.gen(function*() {
        const { ada, bob, broker } = yield* makeRealMesh()
        const accepted = yield* Ref.make(0)
        const [fromAda, fromBob] = [conversation(0), conversation(1_000)]

        yield* Effect.all([
          sendAll(ada, "bob", { messages: fromAda, accepted }),
          sendAll(bob, "ada", { messages: fromBob, accepted }),
          carryOut(killPlan(seed), [ada, bob, broker], accepted)
        ], { concurrency: "unbounded", discard: true })

        assert.deepStrictEqual(yield* arrived(bob), fromAda)
        assert.deepStrictEqual(yield* arrived(ada), fromBob)
        yield* signed(ada, fromAda)
        yield* signed(bob, fromBob)
      }).pipe(Effect.scoped, Effect.provide(NodeServices.layer)),
    180_000
  )
})
