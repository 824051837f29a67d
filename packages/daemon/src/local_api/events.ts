/**
 * Tells readers of the local API what happens, as it happens.
 *
 * Nobody who publishes waits for a reader. Each reader has a bounded queue of its own; one that lets
 * it fill up gets what is in it, then `lagging`, then the end. It connects again and reads what it
 * missed from the inbox.
 *
 * @module
 */
import { LocalEvent } from "@claudemesh/protocol/local_api"
import { type Cause, Clock, Context, Effect, Layer, Queue, type Scope, Stream } from "effect"

/** How many events a reader may be behind. */
const EVENTS_BEHIND_MAX = 1_024

/** An event before it has its time. */
export type LocalEventContent = LocalEvent extends infer Event
  ? Event extends LocalEvent ? Omit<Event, "at"> : never
  : never

type Reader = Queue.Queue<LocalEvent, Cause.Done>

/** What happens, as it happens. */
export class LocalEvents extends Context.Service<LocalEvents, {
  /** Gives an event to all readers; returns at once. */
  readonly publish: (event: LocalEventContent) => Effect.Effect<void>
  /** Opens with `watching`: from then on the reader misses nothing. */
  readonly watch: Stream.Stream<LocalEvent>
}>()("@claudemesh/daemon/local_api/events/LocalEvents") {
  static readonly layer: Layer.Layer<LocalEvents> = Layer.sync(LocalEvents, () => {
    const readers = new Set<Reader>()

    const publish = Effect.fn("LocalEvents.publish")(function*(content: LocalEventContent) {
      const event = LocalEvent.make({ ...content, at: yield* Clock.currentTimeMillis })
      for (const reader of readers) {
        if (Queue.offerUnsafe(reader, event)) continue
        readers.delete(reader)
        Queue.endUnsafe(reader)
      }
    })

    const watch = read(readers).pipe(
      Effect.map((reader) =>
        mark("watching").pipe(
          Stream.concat(Stream.fromQueue(reader)),
          Stream.concat(mark("lagging"))
        )
      ),
      Stream.unwrap
    )

    return LocalEvents.of({ publish, watch })
  })
}

/** Adds a reader for as long as the scope is open. */
function read(readers: Set<Reader>): Effect.Effect<Reader, never, Scope.Scope> {
  return Effect.acquireRelease(
    Effect.tap(
      Queue.dropping<LocalEvent, Cause.Done>(EVENTS_BEHIND_MAX),
      (reader) => Effect.sync(() => readers.add(reader))
    ),
    (reader) => Effect.sync(() => readers.delete(reader))
  )
}

function mark(type: "watching" | "lagging"): Stream.Stream<LocalEvent> {
  return Stream.fromEffect(Effect.map(Clock.currentTimeMillis, (at) => ({ type, at })))
}
