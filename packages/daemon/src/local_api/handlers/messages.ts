/**
 * Answers for the local API, group `messages`: sending, and what became of what was sent or received.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol"
import { LocalApi, type SendAnswer, type SentMessage } from "@claudemesh/protocol/local_api"
import { Effect, Option } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { MessageIndex } from "../../messages/message_index.ts"
import type { MessageKey } from "../../outbox/outbox.ts"
import { Send } from "../../outbox/send.ts"
import { Views } from "../views.ts"
import { makeInboxRows } from "./inbox_rows.ts"

/** The rows of group `messages`. */
export const messagesHandlers = HttpApiBuilder.group(
  LocalApi,
  "messages",
  Effect.fnUntraced(function*(handlers) {
    const sending = yield* Send
    const inbox = yield* makeInboxRows
    const index = yield* MessageIndex
    const views = yield* Views
    const sent = Effect.fnUntraced(function*(key: MessageKey) {
      const message = yield* views.sent(key)
      return yield* Option.match(message, { onNone: () => gone(key), onSome: Effect.succeed })
    })
    return handlers.handleAll({
      send: Effect.fnUntraced(function*({ headers, payload }) {
        const accepted = yield* sending.send(payload, headers["idempotency-key"])
        return answerOf(yield* sent(accepted), accepted.isRepeat)
      }),
      show: Effect.fnUntraced(function*({ params }) {
        const found = yield* index.find(params.id)
        return "received" in found ? yield* views.received(found.received) : yield* sent(found.sent)
      }),
      inbox: ({ query }) => inbox.page(query),
      read: ({ payload }) => inbox.read(payload.messages),
      readAll: ({ payload }) => inbox.readAll(payload)
    })
  })
)

/** A repeat of what the broker has not confirmed yet is told apart from one of what it has. */
function answerOf(message: SentMessage, isRepeat: boolean): SendAnswer {
  if (!isRepeat) return { ...message, duplicate: false }
  const { state } = message
  return state === "queued"
    ? { ...message, state, duplicate: true }
    : { ...message, duplicate: true }
}

function gone({ id }: MessageKey): Effect.Effect<never, Refused> {
  return Effect.fail(refused("message_not_found", `Cannot find message "${id}" any more`))
}
