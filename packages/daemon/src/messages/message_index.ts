/**
 * Finds the one message that an id, or the beginning of an id, stands for: sent or received.
 *
 * @module
 */
import { limits, type MessageId, type Refused, refused } from "@claudemesh/protocol"
import { Context, Effect, Layer } from "effect"
import { Inbox, type InboxRow } from "../inbox/inbox.ts"
import { type MessageKey, Outbox } from "../outbox/outbox.ts"

/** A message of this machine. */
export type FoundMessage =
  | { readonly id: MessageId; readonly received: InboxRow }
  | { readonly id: MessageId; readonly sent: MessageKey }

/** Finds messages by their ids. */
export class MessageIndex extends Context.Service<MessageIndex, {
  /** The one message whose id begins so; none and several are refused. */
  readonly find: (idPrefix: string) => Effect.Effect<FoundMessage, Refused>
}>()("@claudemesh/daemon/messages/message_index/MessageIndex") {
  static readonly layer = Layer.effect(
    MessageIndex,
    Effect.gen(function*() {
      const inbox = yield* Inbox
      const outbox = yield* Outbox

      const find = Effect.fn("MessageIndex.find")(function*(typed: string) {
        const prefix = typed.trim().toLowerCase()
        if (prefix.length < limits.idPrefixMin) return yield* notFound(typed)
        const found: ReadonlyArray<FoundMessage> = [
          ...(yield* inbox.byPrefix(prefix)).map((received) => ({ id: received.id, received })),
          ...(yield* outbox.byPrefix(prefix)).map((sent) => ({ id: sent.id, sent }))
        ]
        const [only, ...others] = found
        if (only === undefined) return yield* notFound(typed)
        if (others.length === 0) return only
        const candidates = found.map(({ id }) => id)
        return yield* refused("ambiguous_name", `Cannot tell which message "${typed}" is`, {
          candidates
        })
      })
      return MessageIndex.of({ find })
    })
  )
}

function notFound(typed: string) {
  const isShort = typed.trim().length < limits.idPrefixMin
  const why = isShort ? `: an id needs its first ${limits.idPrefixMin} characters` : ""
  return refused("message_not_found", `Cannot find a message "${typed}"${why}`)
}
