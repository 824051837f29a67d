/**
 * Sends numbered messages as an honest client does: each again with its id until it is accepted, one after the other.
 *
 * @module
 */
import { messageIdOf } from "@claudemesh/testkit"
import { type Chance, makeChance } from "@claudemesh/testkit/simulation"
import { Effect, Queue, Ref, Schedule, type Scope } from "effect"
import type { Recorder } from "./recorder.ts"
import type { Machine } from "./site.ts"

/** Who sends. */
export interface Traffic {
  /** Asks for so many more, each on some machine to some other. */
  readonly send: (count: number) => Effect.Effect<void>
  readonly asked: () => number
  readonly accepted: () => number
}

/** A message as a client asks for it. */
interface Message {
  readonly to: string
  readonly id: ReturnType<typeof messageIdOf>
  readonly text: string
}

/** A client that was told no, or nothing, asks again so soon. */
const AGAIN_AFTER = "100 millis"

/** How often a client asks once more for what it knows to be accepted: the answer is the same. */
const REPEAT_CHANCE = 0.05

/** One sender on each machine, until the scope closes. */
export const makeTraffic = Effect.fnUntraced(
  function*(machines: ReadonlyArray<Machine>, { recorder, seed }: {
    readonly recorder: Recorder
    readonly seed: string
  }): Effect.fn.Return<Traffic, never, Scope.Scope> {
    const chance = makeChance(`${seed}/traffic`)
    const asked = yield* Ref.make(0)
    const accepted = yield* Ref.make(0)
    const queues: Array<Queue.Queue<Message>> = []
    for (const [number, machine] of machines.entries()) {
      const queue = yield* Queue.unbounded<Message>()
      queues.push(queue)
      const sending = sendEach({
        machine,
        recorder,
        queue,
        chance: chance.fork(`sender ${number}`)
      })
      yield* Effect.forkScoped(Effect.forever(
        Effect.andThen(sending, Ref.update(accepted, (count) => count + 1))
      ))
    }
    const sendOne = Effect.gen(function*() {
      const number = yield* Ref.getAndUpdate(asked, (count) => count + 1)
      const from = chance.below(machines.length)
      const to = machines[(from + 1 + chance.below(machines.length - 1)) % machines.length]
      const queue = queues[from]
      if (to === undefined || queue === undefined) return
      yield* Queue.offer(queue, messageOf(number, to.member, chance))
    })
    return {
      send: (count) =>
        Effect.forEach(Array.from({ length: count }), () => sendOne, { discard: true }),
      asked: () => Ref.getUnsafe(asked),
      accepted: () => Ref.getUnsafe(accepted)
    }
  }
)

function messageOf(number: number, to: string, chance: Chance): Message {
  const size = chance.pick([0, 20, 20, 200, 3_000])
  return { to, id: messageIdOf(number), text: `message ${number}: ${"x".repeat(size)}` }
}

interface Sender {
  readonly machine: Machine
  readonly recorder: Recorder
  readonly queue: Queue.Dequeue<Message>
  readonly chance: Chance
}

/** Sends the next one until it is accepted, and sometimes once more. */
const sendEach = Effect.fnUntraced(function*({ chance, machine, queue, recorder }: Sender) {
  const message = yield* Queue.take(queue)
  const { daemon, device, mesh } = machine
  function answered(answer: string) {
    const { id, text } = message
    return recorder.tell({ type: "answered", mesh, device, id, text, answer })
  }
  const ask = daemon.messages.send({ payload: message, headers: {} }).pipe(
    Effect.tapError(({ code }) => answered(code)),
    Effect.retry(Schedule.spaced(AGAIN_AFTER)),
    Effect.orDie,
    Effect.andThen(answered("accepted"))
  )
  yield* ask
  if (chance.happens(REPEAT_CHANCE)) yield* ask
})
