/**
 * A broker in memory for tests of links: attaches whoever asks, admits everything, and can be told to do otherwise.
 *
 * @module
 */
import {
  type BrokerFrame,
  type DeviceFrame,
  type Envelope,
  type LogHead,
  type Prekey,
  type Refused
} from "@claudemesh/protocol"
import { Context, Effect, Layer, Queue } from "effect"
import { BrokerTransport } from "../broker_link/broker_transport.ts"
import { CHALLENGE, type FakeWire, makeFakeWire } from "./fake_wire.ts"

/** What the broker says next to a frame, in place of what it would say; nothing to say what it would. */
export type Script = (frame: DeviceFrame) => ReadonlyArray<BrokerFrame> | undefined

/** What a test sees and says. */
export class FakeBroker extends Context.Service<FakeBroker, {
  /** Connections in the order they were opened; waits for the next. */
  readonly opened: Effect.Effect<FakeWire>
  /** Frames of all connections in order; waits for the next of that type. */
  readonly nextOf: <Type extends DeviceFrame["type"]>(
    type: Type
  ) => Effect.Effect<Extract<DeviceFrame, { readonly type: Type }>>
  /** How often it was connected to. */
  readonly connects: Effect.Effect<number>
  /** Changes how it answers from now on. */
  readonly follow: (script: Script) => Effect.Effect<void>
  /** Every envelope it was sent. */
  readonly envelopes: ReadonlyArray<Envelope>
}>()("@claudemesh/daemon/testing/fake_broker/FakeBroker") {
  /** Hands out these prekeys; its store has that name, and its log that head, until a script says otherwise. */
  static layer(
    prekeys: ReadonlyArray<Prekey>,
    head: LogHead
  ): Layer.Layer<FakeBroker | BrokerTransport> {
    return Layer.effectContext(makeBroker(prekeys, head))
  }
}

const makeBroker = Effect.fnUntraced(function*(prekeys: ReadonlyArray<Prekey>, head: LogHead) {
  const wires = yield* Queue.unbounded<FakeWire>()
  const frames = yield* Queue.unbounded<DeviceFrame>()
  const envelopes: Array<Envelope> = []
  let connects = 0
  let script: Script = usual

  const answer = Effect.fnUntraced(function*(fake: FakeWire, frame: DeviceFrame) {
    if (frame.type === "send") envelopes.push(frame.envelope)
    yield* Queue.offer(frames, frame)
    yield* Effect.forEach(script(frame) ?? usualAnswer(frame, { prekeys, head }), fake.say)
  })
  const connect = Effect.fnUntraced(function*() {
    const fake = yield* makeFakeWire
    connects++
    yield* fake.say(CHALLENGE)
    yield* Effect.forkScoped(
      Effect.forever(Effect.flatMap(fake.next, (frame) => answer(fake, frame)))
    )
    yield* Queue.offer(wires, fake)
    return fake.wire
  })
  function nextOf<Type extends DeviceFrame["type"]>(type: Type) {
    return Effect.repeat(Queue.take(frames), { until: isOf(type) })
  }
  return Context.make(FakeBroker, {
    opened: Queue.take(wires),
    nextOf,
    connects: Effect.sync(() => connects),
    follow: (next) => Effect.sync(() => void (script = next)),
    envelopes
  }).pipe(
    Context.add(BrokerTransport, { connect })
  )
})

function usual(): undefined {
  return undefined
}

function isOf<Type extends DeviceFrame["type"]>(type: Type) {
  return (frame: DeviceFrame): frame is Extract<DeviceFrame, { readonly type: Type }> =>
    frame.type === type
}

/** The store's name until a script says otherwise. */
export const STORE = "AAAAAAAAAAAAAAAAAAAAAA"

/** The answer to an attach. */
export function attachedTo(
  frame: DeviceFrame,
  facts: Partial<Extract<BrokerFrame, { readonly type: "attached" }>> = {}
): ReadonlyArray<BrokerFrame> {
  if (frame.type !== "attach") return []
  return [{
    type: "attached",
    mesh: frame.mesh,
    epoch: 1,
    store_epoch: STORE,
    head: [frame.have.statements, "A".repeat(43)],
    sseq_floor: 0,
    now: 0,
    ...facts
  }]
}

/** Refuses an attach. */
export function refusesAttach(code: Refused["code"]): Script {
  return (frame) =>
    frame.type === "attach"
      ? [{ type: "refused", mesh: frame.mesh, code, message: `Cannot attach: ${code}` }]
      : undefined
}

function usualAnswer(
  frame: DeviceFrame,
  { head, prekeys }: { readonly head: LogHead; readonly prekeys: ReadonlyArray<Prekey> }
): ReadonlyArray<BrokerFrame> {
  switch (frame.type) {
    case "attach":
      return frame.have.statements === head.seq
        ? attachedTo(frame, { head: [head.seq, head.hash] })
        : attachedTo(frame)
    case "send":
      return [{ type: "admitted", ref: frame.ref, id: frame.envelope.header.id }]
    case "put_prekey":
      return [{ type: "prekey_stored", ref: frame.ref }]
    case "get_prekeys":
      return [{
        type: "prekeys",
        ref: frame.ref,
        items: prekeys.filter(({ device }) => frame.devices.includes(device))
      }]
    case "ping":
      return [{ type: "pong", t: frame.t }]
    default:
      return []
  }
}
