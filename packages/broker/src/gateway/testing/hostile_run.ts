/**
 * One run of a broker with honest devices and hostile connections, all of it decided by a number.
 *
 * @module
 */
import { type BrokerFrame, readEnvelope, writeFrame } from "@claudemesh/protocol"
import { type Draw, memberOf } from "@claudemesh/testkit"
import { mutatedConversation, quickDraw, toJson } from "@claudemesh/testkit/fuzz"
import { Deferred, Effect, Queue, Result } from "effect"
import { TestClock } from "effect/testing"
import {
  type Challenged,
  HOSTILE_NAMES,
  hostileFrames,
  hostileMesh,
  hostileWorld,
  letters,
  recordedTexts
} from "./hostile_world.ts"
import { connectLoopback, type Loopback } from "./loopback.ts"
import { say, sendFrame } from "./test_device.ts"

/** Who misbehaves in one run, each on a connection of its own; one takes over from itself. */
const CONNECTIONS = [...HOSTILE_NAMES, "cy"] as const

/** The most that goes wrong in one conversation. */
const MISHAPS_MAX = 6

/** What a run came to. */
export interface HostileRun {
  /** The ids that ada was told to be admitted, and those that bob got of her, in their order. */
  readonly admitted: ReadonlyArray<string>
  readonly delivered: ReadonlyArray<string>
  /** The numbers of all that bob was pushed. */
  readonly pushed: ReadonlyArray<number>
  /** The numbers of what had time to live, and was not pushed again when he came back having none of it. */
  readonly lost: ReadonlyArray<number>
  /** By how much bob's epoch has grown when he came back. */
  readonly epochs: number
  /** Whether both honest devices are answered at the end. */
  readonly served: ReadonlyArray<boolean>
  /** What is left over of each hostile connection. */
  readonly remains: ReadonlyArray<Remains>
}

/** A hostile connection at the end: closed, or idle and read. */
export interface Remains {
  readonly texts: ReadonlyArray<string>
  readonly closedWith: number | undefined
  readonly waiting: number
  readonly isPaused: boolean
  readonly largestAnswer: number
}

/** What lives longer has not expired at the end of a run. */
const TTL_MIN = 10_000

const bob = memberOf(hostileMesh, "bob").device
const ada = memberOf(hostileMesh, "ada").device
const all = { statements: hostileMesh.membership.head.seq }

/** Turns enough for what was sent to be handled, time too short for anything to run out. */
const settled = Effect.repeat(TestClock.adjust("1 millis"), { times: 20 })

type Attached = Effect.Success<ReturnType<typeof hostileWorld.attach>>
type Hostile = Loopback & { readonly texts: ReadonlyArray<string> }

/** Runs it in a world of its own. */
export const hostileRun = Effect.fnUntraced(function*(number: number) {
  const draw = quickDraw("hostile run", number)
  const honest = { ada: yield* hostileWorld.attach("ada"), bob: yield* hostileWorld.attach("bob") }
  const hostile = yield* connectHostile(draw, honest.ada.connection.challenge)
  yield* converse(draw, honest, hostile)

  const pushed = pushesOf(honest.bob)
  const served = yield* Effect.forEach([honest.ada, honest.bob], isServed)
  const { epoch, store_epoch } = honest.bob.attached
  const again = yield* hostileWorld.attach("bob", { ...all, store_epoch })
  yield* settled
  const there = new Set(pushesOf(again).map(({ seq }) => seq))

  const run: HostileRun = {
    served,
    admitted: honest.ada.inbox.frames.flatMap(admittedId),
    delivered: pushed.map(headerOf).filter(({ from }) => from.device === ada).map(({ id }) => id),
    pushed: pushed.map(({ seq }) => seq),
    lost: pushed.filter((push) => headerOf(push).ttl > TTL_MIN && !there.has(push.seq)).map((
      { seq }
    ) => seq),
    epochs: again.attached.epoch - epoch,
    remains: yield* Effect.forEach(hostile, remainsOf)
  }
  return run
})

const connectHostile = Effect.fnUntraced(function*(draw: Draw, recordedAt: Challenged) {
  const hostile: Array<Hostile> = []
  for (const name of CONNECTIONS) {
    const wire = yield* connectLoopback
    const frames = hostileFrames(name, yield* wire.inbox.next("challenge")).map(toJson)
    const recorded = recordedTexts(recordedAt)
    const texts = mutatedConversation(frames, { draw, count: draw(MISHAPS_MAX + 1), recorded })
    hostile.push({ ...wire, texts })
  }
  return hostile
})

/** Everybody speaks in turns: the hostile ones by a frame each, ada by a letter, bob by what he has read. */
const converse = Effect.fnUntraced(function*(
  draw: Draw,
  { ada, bob }: { readonly ada: Attached; readonly bob: Attached },
  hostile: ReadonlyArray<Hostile>
) {
  const turns = Math.max(letters.length, ...hostile.map(({ texts }) => texts.length))
  const pace = Math.floor(turns / letters.length)
  for (let turn = 0; turn < turns; turn++) {
    for (const { send, texts } of hostile) texts.slice(turn, turn + 1).forEach(send)
    const letter = turn % pace === 0 ? letters[turn / pace] : undefined
    if (letter !== undefined) yield* say(ada, sendFrame(letter, 100 + turn))
    if (draw(3) === 0) yield* settled
    if (draw(4) === 0) yield* acknowledge(bob, draw(2))
  }
  yield* settled
})

function admittedId(frame: BrokerFrame): ReadonlyArray<string> {
  return frame.type === "admitted" ? [frame.id] : []
}

type Push = Extract<BrokerFrame, { readonly type: "push" }>

function pushesOf({ inbox }: Pick<Loopback, "inbox">): ReadonlyArray<Push> {
  return inbox.frames.filter((frame) => frame.type === "push")
}

/** What has come is acknowledged, but for the last so many. */
function acknowledge(wire: Attached, spare: number): Effect.Effect<void> {
  const upto = pushesOf(wire).at(-1 - spare)?.seq
  if (upto === undefined) return Effect.void
  return say(wire, { type: "ack", log: bob, epoch: wire.attached.epoch, upto })
}

const isServed = Effect.fnUntraced(function*(wire: Loopback) {
  const before = wire.inbox.count("pong")
  yield* say(wire, { type: "ping", t: 7 })
  yield* settled
  return wire.inbox.count("pong") === before + 1
})

function headerOf({ envelope }: Push) {
  return Result.getOrThrow(readEnvelope(envelope)).header
}

const remainsOf = Effect.fnUntraced(
  function*(wire: Hostile) {
    const { connection, inbox, state, texts } = wire
    const closing = connection.isOpen() ? undefined : yield* Deferred.await(inbox.closing)
    const remains: Remains = {
      texts,
      closedWith: closing?.code,
      waiting: closing === undefined ? Queue.sizeUnsafe(connection.frames) : 0,
      isPaused: closing === undefined && state.isPaused,
      largestAnswer: Math.max(...inbox.frames.map((frame) => writeFrame(frame).length))
    }
    return remains
  }
)
