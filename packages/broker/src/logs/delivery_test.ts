import { type BrokerFrame, type DeviceId, type Envelope, readEnvelope } from "@claudemesh/protocol"
import {
  layerSeededRandom,
  MADE_AT,
  makeMesh,
  memberOf,
  messageIdOf,
  sealBetween
} from "@claudemesh/testkit"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Random, Result } from "effect"
import { TestClock } from "effect/testing"
import { worldOf } from "../gateway/testing/mesh_world.ts"
import { say, sendFrame } from "../gateway/testing/test_device.ts"

/*
 * Goal: whatever connections do, the receiver gets each message once, and those of one sender in
 * order. Method: senders that lose their connections and send again what was not admitted, and a
 * receiver that loses its own, acknowledges late, and sometimes comes back older than it was.
 */

const SENDERS = ["ada", "bob", "cyd"]
const MESSAGES_EACH = 40
const STEPS_MAX = 2_000

const mesh = makeMesh("delivery", ["dan", ...SENDERS])
const world = worldOf(mesh, { at: MADE_AT, random: layerSeededRandom("delivery") })
const dan = memberOf(mesh, "dan").device

/** What one sender has to send, sealed once for all runs. */
const outboxes = SENDERS.map((name, nth) =>
  Array.from({ length: MESSAGES_EACH }, (_, at) => {
    const id = messageIdOf(nth * 1_000 + at + 1)
    const draft = { id, to: [{ device: dan, sseq: at + 1 }] }
    return sealBetween(mesh, { from: name, to: ["dan"], text: `${at}` }, { draft })
  })
)

type Attached = Effect.Success<ReturnType<typeof world.attach>>

/** Sends some of what it has not heard to be admitted; now and then over a new connection. */
const makeSender = Effect.fnUntraced(function*(name: string, outbox: ReadonlyArray<Envelope>) {
  let wire: Attached = yield* world.attach(name)
  let sent = 0
  const admitted = new Set<string>()

  const step = Effect.gen(function*() {
    for (const frame of wire.inbox.frames) if (frame.type === "admitted") admitted.add(frame.id)
    if ((yield* Random.next) < 0.1) {
      wire.close()
      wire = yield* world.attach(name)
      sent = outbox.findIndex(({ header }) => !admitted.has(header.id))
      if (sent === -1) sent = outbox.length
    }
    const count = yield* Random.nextIntBetween(0, 5)
    for (const envelope of outbox.slice(sent, sent + count)) yield* say(wire, sendFrame(envelope))
    sent = Math.min(outbox.length, sent + count)
  })
  return { step }
})

/** Commits what is pushed; what it has twice it drops, as an inbox does. */
const makeReceiver = Effect.gen(function*() {
  let wire: Attached = yield* world.attach("dan")
  let read = 0
  let upto = 0
  const ids = new Set<string>()
  const inbox: Array<Envelope["header"]> = []

  function take(frame: BrokerFrame): void {
    if (frame.type !== "push") return
    const { header } = Result.getOrThrow(readEnvelope(frame.envelope))
    assert.isAbove(frame.seq, upto)
    upto = frame.seq
    if (!ids.has(header.id)) inbox.push(header)
    ids.add(header.id)
  }

  const step = Effect.gen(function*() {
    for (const frame of wire.inbox.frames.slice(read)) take(frame)
    read = wire.inbox.frames.length
    const { epoch, store_epoch } = wire.attached
    if ((yield* Random.next) < 0.5) yield* say(wire, { type: "ack", log: dan, epoch, upto })
    if ((yield* Random.next) < 0.1) {
      wire.close()
      if ((yield* Random.next) < 0.3) upto = Math.max(0, upto - 10)
      wire = yield* world.attach("dan", { store_epoch, upto })
      read = 0
    }
  })
  return { step, inbox }
})

function orderOf(inbox: ReadonlyArray<Envelope["header"]>, sender: DeviceId) {
  return inbox.filter(({ from }) => from.device === sender).map(({ to }) => to[0]?.sseq)
}

describe("delivery", () => {
  it.effect.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "is once and in order, in run %d",
    (run) =>
      Effect.gen(function*() {
        const receiver = yield* makeReceiver
        const senders = yield* Effect.forEach(
          SENDERS,
          (name, nth) => makeSender(name, outboxes[nth] ?? [])
        )
        const wanted = SENDERS.length * MESSAGES_EACH
        for (let step = 0; step < STEPS_MAX && receiver.inbox.length < wanted; step++) {
          for (const sender of senders) yield* sender.step
          yield* receiver.step
          yield* TestClock.adjust("20 millis")
        }

        const all = Array.from({ length: MESSAGES_EACH }, (_, at) => at + 1)
        for (const name of SENDERS) {
          assert.deepStrictEqual(orderOf(receiver.inbox, memberOf(mesh, name).device), all)
        }
      }).pipe(Random.withSeed(run), Effect.provide(world.layer))
  )
})
