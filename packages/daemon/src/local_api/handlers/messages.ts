/**
 * Answers for the local API, group `messages`: sending, and what became of what was sent or received.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol"
import { Caller, LocalApi, type SendAnswer, type SentMessage } from "@claudemesh/protocol/local_api"
import { Effect, Option } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { MessageIndex } from "../../messages/message_index.ts"
import type { MessageKey } from "../../outbox/outbox.ts"
import { Send } from "../../outbox/send.ts"
import { Sessions } from "../../sessions/sessions.ts"
import { makeAgentSight } from "../agent_sight.ts"
import { Views } from "../views.ts"
import { makeInboxRows } from "./inbox_rows.ts"
import { stillThere } from "./still_there.ts"

/** The rows of group `messages`. */
export const messagesHandlers = HttpApiBuilder.group(
  LocalApi,
  "messages",
  Effect.fnUntraced(function*(handlers) {
    const sending = yield* Send
    const sessions = yield* Sessions
    const inbox = yield* makeInboxRows
    const index = yield* MessageIndex
    const views = yield* Views
    const { letSee } = yield* makeAgentSight
    const sent = Effect.fnUntraced(function*(key: MessageKey) {
      return yield* stillThere(key, yield* views.sent(key))
    })
    const named = Effect.fnUntraced(function*(id: string, { direction, from, mesh }: Which) {
      if (direction === "sent" && from !== undefined) return yield* receivedAndSent(from)
      const among = yield* inbox.filterOf({ mesh, from })
      if (direction === "sent") return { sent: yield* index.sent(id, among) }
      return direction === "received" || from !== undefined
        ? { received: yield* index.received(id, among) }
        : yield* index.find(id, among)
    })
    return handlers.handleAll({
      send: Effect.fnUntraced(function*({ headers, payload }) {
        const { session: id } = yield* Caller
        const session = Option.isNone(id) ? undefined : yield* sessions.show(id.value)
        const key = headers["idempotency-key"]
        const accepted = yield* sending.send(payload, { key, session })
        return answerOf(yield* sent(accepted), accepted.isRepeat)
      }),
      show: Effect.fnUntraced(function*({ params, query }) {
        const found = yield* named(params.id, query)
        if ("sent" in found) return yield* sent(found.sent)
        yield* letSee(found.received)
        return yield* views.received(found.received)
      }),
      inbox: ({ query }) => inbox.page(query),
      read: ({ payload }) => inbox.read(payload),
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

/** Which of several messages of one id is meant. */
interface Which {
  readonly direction?: "sent" | "received"
  readonly from?: string
  readonly mesh?: string
}

function receivedAndSent(from: string): Refused {
  return refused(
    "usage",
    `Cannot find a message that was sent here and came from "${from}": leave one of the two out`
  )
}
