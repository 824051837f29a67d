/**
 * Reads the store for readers that are behind, a page at a time, one after another.
 *
 * Each reader waits here at most once, so the queue is as long as there are
 * attached devices. Nobody who is far behind holds up the others for longer
 * than a page.
 *
 * @module
 */
import { limits } from "@claudemesh/protocol"
import { Context, Effect, Layer, Queue } from "effect"
import { LogStore, type Mailbox } from "../store/log_store.ts"
import type { LogReader } from "./log_reader.ts"

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
        const end = reader.end
        const page = yield* store.read(mailbox, reader.pushed, limits.windowEntriesMax)
        reader.take(page, { end, isLast: page.length < limits.windowEntriesMax })
        request(reading)
      })

      yield* Queue.take(queue).pipe(
        Effect.flatMap((reading) =>
          // Whoever is not served now is asked for again by the watch, once a second.
          Effect.catchCause(serve(reading), (cause) => Effect.logError("Cannot read a log", cause))
        ),
        Effect.forever,
        Effect.forkScoped
      )

      return CatchUp.of({ request })
    })
  )
}
