/**
 * Writes down how far devices have read, a moment after they say so: many acks make one commit.
 *
 * What a crash loses is said again, by the next ack or at the next attach: both
 * count for all before. An attachment that is not the newest of its mailbox,
 * because the device is attached at another broker, is noticed here and ends.
 *
 * @module
 */
import { Context, Effect, Latch, Layer } from "effect"
import { BrokerLimits } from "../broker_limits.ts"
import type { Attachment } from "../gateway/attachments.ts"
import { makeOutageReport } from "../outage_report.ts"
import { LogStore } from "../store/log_store.ts"

/** How long nothing is written after a write that failed. */
const REST = "1 second"

export class Cursors extends Context.Service<Cursors, {
  /** The device of this attachment has everything up to a number. */
  readonly moved: (attachment: Attachment, upto: number) => void
}>()("@claudemesh/broker/logs/cursors") {
  static readonly layer = Layer.effect(Cursors, Effect.suspend(() => make))
}

const make = Effect.gen(function*() {
  const store = yield* LogStore
  const { cursorMillis } = yield* BrokerLimits
  const report = makeOutageReport("Cannot note how far devices have read")
  const isDue = Latch.makeUnsafe()
  let unwritten = new Map<Attachment, number>()

  function moved(attachment: Attachment, upto: number): void {
    unwritten.set(attachment, upto)
    isDue.openUnsafe()
  }

  const write = Effect.fnUntraced(function*(moves: ReadonlyMap<Attachment, number>) {
    const areNewest = yield* store.acknowledge(
      [...moves].map(([{ epoch, mailbox }, upto]) => ({ mailbox, epoch, upto }))
    )
    for (const [at, attachment] of [...moves.keys()].entries()) {
      if (areNewest[at] === false) attachment.end("replaced")
    }
  })

  const writeAll = Effect.gen(function*() {
    const moves = unwritten
    unwritten = new Map()
    isDue.closeUnsafe()
    if (moves.size === 0 || (yield* report(write(moves)))) return true
    for (const [attachment, upto] of moves) {
      if (attachment.isLive() && !unwritten.has(attachment)) moved(attachment, upto)
    }
    return false
  })

  yield* isDue.await.pipe(
    Effect.andThen(Effect.sleep(cursorMillis)),
    Effect.andThen(writeAll),
    Effect.flatMap((isWritten) => isWritten ? Effect.void : Effect.sleep(REST)),
    Effect.forever,
    Effect.forkScoped
  )
  yield* Effect.addFinalizer(() => writeAll)

  return Cursors.of({ moved })
})
