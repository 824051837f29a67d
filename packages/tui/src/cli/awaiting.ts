/**
 * Waits until a message is as far as somebody wants it with every recipient, or can get no further.
 *
 * Events are watched before the message is sent, so that no step is missed; and
 * what is answered in the end is what the daemon knows then.
 *
 * @module
 */
import type { Daemon } from "@claudemesh/daemon"
import { type ErrorCode, type Refused, refused } from "@claudemesh/protocol/errors"
import {
  isArrived,
  type LocalEvent,
  type MessageState,
  type SentMessage
} from "@claudemesh/protocol/local_api"
import { Effect, Option, Ref, Result, Stream } from "effect"

/** What can be waited for. */
export const AWAITED = ["admitted", "inboxed", "surfaced", "in_context"] as const
export type Awaited = (typeof AWAITED)[number]

const IN_CONTEXT: ReadonlySet<MessageState> = new Set(["in_context", "answered"])

/** Whether a recipient has it, that much at least. */
const IS_REACHED: Readonly<Record<Awaited, (state: MessageState) => boolean>> = {
  admitted: (state) => state === "admitted" || isArrived(state),
  inboxed: isArrived,
  surfaced: (state) => state === "surfaced" || IN_CONTEXT.has(state),
  in_context: (state) => IN_CONTEXT.has(state)
}

const ENDED: ReadonlySet<MessageState> = new Set(["rejected", "expired", "aborted"])

/** How the waiting came to its end. */
export type Outcome =
  | { readonly type: "reached" }
  | { readonly type: "waiting" }
  | { readonly type: "ended"; readonly code: ErrorCode }

/** How far a message is, seen from what is waited for; it has ended if one recipient will never have it. */
export function outcomeOf({ recipients }: SentMessage, awaited: Awaited): Outcome {
  const others = recipients.filter(({ state }) => !IS_REACHED[awaited](state))
  if (others.some(({ state }) => !ENDED.has(state))) return { type: "waiting" }
  const [ended] = others
  if (ended === undefined) return { type: "reached" }
  return {
    type: "ended",
    code: ended.reason ?? (ended.state === "expired" ? "expired" : "message_ended")
  }
}

/** What to wait for, and for how long. */
export interface AwaitOptions {
  readonly awaited: Awaited
  readonly timeoutMillis: number
}

/** What is known of a message while somebody waits for it. */
export interface Awaiting {
  /** Waits; answers with the message as it is then. */
  readonly until: (
    message: SentMessage,
    options: AwaitOptions
  ) => Effect.Effect<SentMessage, Refused>
  /** The message as it was last seen. */
  readonly latest: Effect.Effect<Option.Option<SentMessage>>
}

/** Begins to watch; send the message after this, and nothing of it is missed. */
export const startAwaiting = Effect.fn("startAwaiting")(function*(daemon: Daemon["Service"]) {
  const events = yield* daemon.events.watch({})
  const seen = yield* Ref.make(Option.none<SentMessage>())

  const look = Effect.fnUntraced(function*({ id, mesh }: SentMessage) {
    const query = { mesh, direction: "sent" } as const
    const found = yield* daemon.messages.show({ params: { id }, query })
    const message = found.direction === "sent" ? found : yield* notSent(id)
    yield* Ref.set(seen, Option.some(message))
    return message
  })
  /** Follows the steps of a message until it waits no more, or the events end. */
  function follow(
    stream: Stream.Stream<LocalEvent, Refused>,
    { id, mesh }: SentMessage,
    awaited: Awaited
  ): Effect.Effect<boolean, Refused> {
    return stream.pipe(
      Stream.filterMap((event) =>
        event.type === "sent" && event.message.id === id && event.message.mesh === mesh
          ? Result.succeed(event.message)
          : Result.fail(event)
      ),
      Stream.tap((message) => Ref.set(seen, Option.some(message))),
      Stream.map((message) => outcomeOf(message, awaited).type !== "waiting"),
      Stream.takeUntil((isOver) => isOver),
      Stream.runLast,
      Effect.map(Option.getOrElse(() => false))
    )
  }
  // Events end where we were too slow for them, or the daemon ends: watch anew, then look.
  const followOn = Effect.fnUntraced(function*(message: SentMessage, awaited: Awaited) {
    let isOver = yield* follow(events, message, awaited)
    while (!isOver) {
      const more = yield* daemon.events.watch({})
      const now = yield* look(message)
      isOver = outcomeOf(now, awaited).type !== "waiting" || (yield* follow(more, now, awaited))
    }
  })

  const until = Effect.fnUntraced(
    function*(message: SentMessage, { awaited, timeoutMillis }: AwaitOptions) {
      yield* Ref.set(seen, Option.some(message))
      if (outcomeOf(message, awaited).type !== "waiting") return message
      yield* Effect.timeoutOption(followOn(message, awaited), timeoutMillis)
      return yield* look(message)
    }
  )
  return { until, latest: Ref.get(seen) } satisfies Awaiting
})

function notSent(id: string): Effect.Effect<never, Refused> {
  return Effect.fail(refused("message_not_found", `Cannot find message "${id}" any more`))
}
