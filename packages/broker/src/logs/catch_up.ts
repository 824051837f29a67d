/**
 * Reads the store for readers that are behind, a page at a time, one after another.
 *
 * Each reader waits here at most once, so the queue is as long as there are
 * attached devices. Nobody who is far behind holds up the others for longer
 * than a page.
 *
 * @module
 */
import { Context, Effect, Layer, Queue } from "effect"
import { makeOutageReport } from "../outage_report.ts"
import { LogStore, type Mailbox } from "../store/log_store.ts"
import type { LogReader } from "./log_reader.ts"

/** How long nothing is read after a read that failed: it would fail for everybody. */
const REST = "1 second"

/** A reader with the mailbox it reads. */
export interface Reading {
  readonly mailbox: Mailbox
  readonly reader: LogReader
  /** Whether anyone still listens. */
  readonly isLive: () => boolean
}

export class CatchUp extends Context.Service<CatchUp, {
  /** Sees to it that the reader gets what it lacks, if it lacks anything. */
  readonly request: (reading: Reading) => void
}>()("@claudemesh/broker/logs/catch_up/CatchUp") {
  static readonly layer = Layer.effect(
    CatchUp,
    Effect.gen(function*() {
      const store = yield* LogStore
      const queue = yield* Queue.unbounded<Reading>()
      const waiting = new Set<LogReader>()
      const report = makeOutageReport("Cannot read logs")

      function request(reading: Reading): void {
        const { isLive, reader } = reading
        if (!reader.isBehind || waiting.has(reader) || !isLive()) return
        waiting.add(reader)
        Queue.offerUnsafe(queue, reading)
      }

      const serve = Effect.fnUntraced(function*(reading: Reading) {
        const { isLive, mailbox, reader } = reading
        waiting.delete(reader)
        if (!isLive()) return
        const { next } = reader
        reader.take(next, yield* store.read(mailbox, next.after, next.limit))
        request(reading)
      })

      yield* Queue.take(queue).pipe(
        Effect.flatMap((reading) => report(serve(reading))),
        // Whoever was not served is asked for again by the watch.
        Effect.flatMap((isServed) => isServed ? Effect.void : Effect.sleep(REST)),
        Effect.forever,
        Effect.forkScoped
      )

      return CatchUp.of({ request })
    })
  )
}
