/**
 * Carries the bytes of one direction of a connection, as late, as slowly and as broken as its link has them.
 *
 * Bytes that are held up are not lost: what a link does not let through now
 * stays with whoever sends it, as it does in TCP.
 *
 * @module
 */
import { Clock, Effect, type Latch, Queue } from "effect"
// oxlint-disable-next-line effecttsgo/node-builtin-import -- sockets are what it stands between
import type { Readable, Writable } from "node:stream"
import { type Carried, carried, type LinkFaults } from "./link_faults.ts"
import type { Chance } from "./simulation/chance.ts"

/** One direction of a connection. */
export interface Pipe {
  readonly from: Readable
  readonly to: Writable
  /** How the link is now. */
  readonly faults: () => LinkFaults
  /** Nothing passes while it is closed. */
  readonly gate: Latch.Latch
  readonly chance: Chance
}

/** How a direction ended: as its sender wanted, or in the middle of it. */
export type PipeEnding = "finished" | "broken"

interface Due extends Carried {
  readonly atMillis: number
}

/** Pieces on their way; then whoever sends has to wait. */
const PIECES_UNDER_WAY_MAX = 64

/** A throttled link lets through small pieces with pauses between, so many in a second. */
const PIECES_PER_SECOND = 20

/** Carries everything that comes; the other side's end is the caller's. */
export const carry = Effect.fnUntraced(function*(pipe: Pipe): Effect.fn.Return<PipeEnding> {
  const underWay = yield* Queue.bounded<Due | PipeEnding>(PIECES_UNDER_WAY_MAX)
  const [, ending] = yield* Effect.all([take(pipe, underWay), give(pipe, underWay)], {
    concurrency: 2
  })
  return ending
})

const take = Effect.fnUntraced(
  function*({ chance, faults, from, gate }: Pipe, underWay: Queue.Enqueue<Due | PipeEnding>) {
    while (true) {
      yield* gate.await
      const bytes = yield* read(from)
      if (typeof bytes === "string") return yield* Queue.offer(underWay, bytes)
      const piece = carried(bytes, faults(), chance)
      const now = yield* Clock.currentTimeMillis
      yield* Queue.offer(underWay, { ...piece, atMillis: now + piece.delayMillis })
      if (piece.isLast) return yield* Queue.offer(underWay, "broken")
    }
  }
)

const give = Effect.fnUntraced(
  function*({ faults, gate, to }: Pipe, underWay: Queue.Dequeue<Due | PipeEnding>) {
    while (true) {
      const next = yield* Queue.take(underWay)
      if (typeof next === "string") {
        yield* gate.await
        return next
      }
      yield* Effect.sleep(Math.max(0, next.atMillis - (yield* Clock.currentTimeMillis)))
      let left = next.bytes
      while (left.length > 0) {
        yield* gate.await
        const { bytesPerSecond } = faults()
        const size = Math.min(left.length, Math.max(1, bytesPerSecond / PIECES_PER_SECOND))
        yield* write(to, left.subarray(0, size))
        left = left.subarray(size)
        if (Number.isFinite(bytesPerSecond)) yield* Effect.sleep(size / bytesPerSecond * 1_000)
      }
    }
  }
)

/** What has come, or how the sender has ended. Takes no more than is asked for, so that a sender has to wait. */
function read(stream: Readable): Effect.Effect<Uint8Array | PipeEnding> {
  return Effect.callback((resume) => {
    const events = ["readable", "end", "close"] as const
    function look() {
      const bytes: unknown = stream.read()
      if (bytes instanceof Uint8Array) settle(bytes)
      else if (stream.readableEnded) settle("finished")
      else if (stream.destroyed) settle("broken")
    }
    function settle(result: Uint8Array | PipeEnding) {
      stop()
      resume(Effect.succeed(result))
    }
    function stop() {
      for (const event of events) stream.off(event, look)
    }
    for (const event of events) stream.on(event, look)
    look()
    return Effect.sync(stop)
  })
}

/** Hands bytes over, and waits until there is room for more. */
function write(stream: Writable, bytes: Uint8Array): Effect.Effect<void> {
  return Effect.callback((resume) => {
    if (stream.destroyed || stream.writableEnded) resume(Effect.void)
    else stream.write(bytes, () => resume(Effect.void))
  })
}
