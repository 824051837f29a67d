/**
 * A device's end of a connection in tests: frames by type as they arrive, and how it was closed.
 *
 * @module
 */
import { type BrokerFrame, readBrokerFrame } from "@claudemesh/protocol"
import { Deferred, Effect, Result } from "effect"

/** How a connection ended. */
export interface Closing {
  readonly code: number
  readonly reason: string
}

/** What a transport gives a device, and what it reports to it. */
export interface Wire {
  readonly send: (text: string) => void
  readonly close: () => void
  readonly inbox: Inbox
}

type FrameOf<Type extends BrokerFrame["type"]> = Extract<BrokerFrame, { readonly type: Type }>

/** Sorts what arrives. */
export class Inbox {
  readonly closing = Deferred.makeUnsafe<Closing>()
  /** Everything that arrived, in order. */
  readonly frames: Array<BrokerFrame> = []
  readonly #waiting = new Map<string, Array<Deferred.Deferred<BrokerFrame>>>()
  readonly #unread = new Map<string, Array<BrokerFrame>>()

  /** Takes the text of a frame, which must be one. */
  arrived(text: string): void {
    const frame = Result.getOrThrow(readBrokerFrame(text))
    this.frames.push(frame)
    const asker = this.#waiting.get(frame.type)?.shift()
    if (asker !== undefined) return void Deferred.doneUnsafe(asker, Effect.succeed(frame))
    this.#unread.set(frame.type, [...this.#unread.get(frame.type) ?? [], frame])
  }

  closed(closing: Closing): void {
    Deferred.doneUnsafe(this.closing, Effect.succeed(closing))
  }

  /** The next frame of a type; waits for it. */
  next<Type extends BrokerFrame["type"]>(type: Type): Effect.Effect<FrameOf<Type>> {
    const awaited = Effect.suspend(() => {
      const unread = this.#unread.get(type)?.shift()
      if (unread !== undefined) return Effect.succeed(unread)
      const deferred = Deferred.makeUnsafe<BrokerFrame>()
      this.#waiting.set(type, [...this.#waiting.get(type) ?? [], deferred])
      return Deferred.await(deferred)
    })
    return Effect.filterOrElse(awaited, (frame) => isOf(frame, type), Effect.die)
  }

  /** How many frames of a type have arrived in all. */
  count(type: BrokerFrame["type"]): number {
    return this.frames.filter((frame) => frame.type === type).length
  }
}

function isOf<Type extends BrokerFrame["type"]>(
  frame: BrokerFrame,
  type: Type
): frame is FrameOf<Type> {
  return frame.type === type
}
