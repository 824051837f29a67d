/**
 * Tells a session what it is to be shown, as it comes.
 *
 * The table says what is open; a reader that connects again is told all of it again, marked where it was
 * handed to a carrier before. So nothing is lost where a reader or this daemon ends.
 *
 * @module
 */
import type { SessionId } from "@claudemesh/protocol"
import type { FeedEvent, Session } from "@claudemesh/protocol/local_api"
import { Clock, Context, Effect, Equal, Layer, Option, Stream, SubscriptionRef } from "effect"
import { SqlClient } from "effect/sql"
import { Views } from "../local_api/views.ts"
import { makeSessionRows, sessionView } from "../sessions/session_rows.ts"
import { makeHoldPolicy } from "./hold_policy.ts"
import { Surfacing } from "./surfacing.ts"
import type { ShownRow } from "./surfacing_rows.ts"

/** Tells sessions what they are to be shown. */
export class Feed extends Context.Service<Feed, {
  /** Ends with the session. */
  readonly read: (session: SessionId) => Stream.Stream<FeedEvent>
}>()("@claudemesh/daemon/surfacing/feed") {
  static readonly layer: Layer.Layer<Feed, never, Surfacing | Views | SqlClient.SqlClient> = Layer
    .effect(
      Feed,
      Effect.gen(function*() {
        const { changes, open } = yield* Surfacing
        const { isStranger } = yield* makeHoldPolicy
        const sessions = yield* makeSessionRows
        const views = yield* Views

        const look = Effect.fn("Feed.look")(function*(id: SessionId) {
          const row = Option.getOrUndefined(yield* sessions.find(id))
          if (row === undefined || row.endedAt !== null) return Option.none<Seen>()
          const session = sessionView(row, yield* Clock.currentTimeMillis)
          return Option.some<Seen>({ session, open: row.mode === "push" ? yield* open(id) : [] })
        })
        const tell = Effect.fnUntraced(function*(row: ShownRow) {
          const message = yield* views.received(row)
          const stranger = yield* isStranger(row)
          return { type: "message" as const, message, posted: row.state === "posted", stranger }
        })
        const news = Effect.fnUntraced(function*(told: Told, { open, session }: Seen) {
          const isKnown = Option.exists(told.session, (known) => Equal.equals(known, session))
          const fresh = open.filter(({ position }) => !told.messages.has(position))
          const events: ReadonlyArray<FeedEvent> = [
            ...(isKnown ? [] : [{ type: "session" as const, session }]),
            ...(yield* Effect.forEach(fresh, tell)),
            ...withdrawn(told, open)
          ]
          const messages = new Map(open.map((row) => [row.position, row]))
          return [{ session: Option.some(session), messages }, events] as const
        })
        return Feed.of({
          read: (session) =>
            SubscriptionRef.changes(changes).pipe(
              // One look is enough for all that changed since the last one.
              Stream.buffer({ capacity: 1, strategy: "sliding" }),
              Stream.mapEffect(() => look(session)),
              Stream.takeWhile(Option.isSome),
              Stream.mapAccumEffect(() => NOTHING, (told, { value }) => news(told, value))
            )
        })
      })
    )
}

/** A session and what is open for it. */
interface Seen {
  readonly session: Session
  readonly open: ReadonlyArray<ShownRow>
}

/** What a reader knows. */
interface Told {
  readonly session: Option.Option<Session>
  readonly messages: ReadonlyMap<number, ShownRow>
}

const NOTHING: Told = { session: Option.none(), messages: new Map() }

/** What was told and is open no more, whatever the reason. */
function withdrawn({ messages }: Told, open: ReadonlyArray<ShownRow>): ReadonlyArray<FeedEvent> {
  const left = new Set(open.map(({ position }) => position))
  return [...messages.values()].filter(({ position }) => !left.has(position)).map((row) => ({
    type: "withdrawn",
    message: { mesh: row.mesh, from_device_id: row.sender, id: row.id }
  }))
}
