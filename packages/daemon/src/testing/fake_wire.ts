/**
 * A wire in memory: what the daemon writes can be read, and the broker's side says what a test wants.
 *
 * @module
 */
import {
  type BrokerFrame,
  type Challenge,
  type DeviceFrame,
  readDeviceFrame,
  writeFrame
} from "@claudemesh/protocol"
import { Effect, Queue, Result } from "effect"
import { LinkLost, type Wire } from "../broker_link/broker_transport.ts"
import { MADE_ORIGIN } from "./made_identity.ts"

/** Both ends of a wire. */
export interface FakeWire {
  readonly wire: Wire
  /** What the daemon has written, in order; waits for the next. */
  readonly next: Effect.Effect<DeviceFrame>
  /** What it has written and nobody has read. */
  readonly written: Effect.Effect<ReadonlyArray<DeviceFrame>>
  readonly say: (frame: BrokerFrame) => Effect.Effect<void>
  readonly sayText: (text: string) => Effect.Effect<void>
  /** Ends it from the broker's side. */
  readonly cut: Effect.Effect<void>
}

/** The first frame of every broker. */
export const CHALLENGE: Challenge = {
  type: "challenge",
  nonce: "AAAAAAAAAAAAAAAAAAAAAA",
  origin: MADE_ORIGIN,
  versions: [1]
}

/** Makes a wire over which nothing has come yet. */
export const makeFakeWire = Effect.gen(function*() {
  const toDaemon = yield* Queue.unbounded<string, LinkLost>()
  const toBroker = yield* Queue.unbounded<DeviceFrame>()
  function sayText(text: string) {
    return Effect.asVoid(Queue.offer(toDaemon, text))
  }
  const fake: FakeWire = {
    wire: {
      send: (texts) =>
        Effect.forEach(
          texts,
          (text) => Queue.offer(toBroker, Result.getOrThrow(readDeviceFrame(text))),
          { discard: true }
        ),
      receive: Queue.takeAll(toDaemon)
    },
    next: Queue.take(toBroker),
    written: Queue.clear(toBroker),
    say: (frame) => sayText(writeFrame(frame)),
    sayText,
    cut: Effect.asVoid(Queue.fail(toDaemon, new LinkLost({ reason: "the test cut it" })))
  }
  return fake
})
