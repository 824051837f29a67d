/**
 * Answers for the local API, group `outbox`: what was accepted to send, and what may be done with it.
 *
 * @module
 */
import { refused } from "@claudemesh/protocol"
import { LocalApi, type OutboxState, pageSizes } from "@claudemesh/protocol/local_api"
import { Array, Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Meshes } from "../../meshes/meshes.ts"
import { MessageIndex } from "../../messages/message_index.ts"
import { type MessageKey, Outbox } from "../../outbox/outbox.ts"
import { makeWithdrawals } from "../../outbox/withdrawals.ts"
import { makeOutboxEntries } from "../outbox_entries.ts"
import { stillThere } from "./still_there.ts"

/** The rows of group `outbox`. */
export const outboxHandlers = HttpApiBuilder.group(
  LocalApi,
  "outbox",
  Effect.fnUntraced(function*(handlers) {
    const index = yield* MessageIndex
    const meshes = yield* Meshes
    const outbox = yield* Outbox
    const { entry } = yield* makeOutboxEntries
    const { cancel, requeue } = yield* makeWithdrawals

    const meshIn = Effect.fnUntraced(function*({ mesh }: { readonly mesh?: string }) {
      return mesh === undefined ? undefined : (yield* meshes.resolve(mesh)).id
    })
    const keyOf = Effect.fnUntraced(function*({ params, query }: AboutOne) {
      return yield* index.sent(params.id, { mesh: yield* meshIn(query) })
    })
    const shown = Effect.fnUntraced(function*(key: MessageKey) {
      return yield* stillThere(key, yield* entry(key))
    })
    return handlers.handleAll({
      list: Effect.fnUntraced(function*({ query }) {
        const { limit = pageSizes.outbox.standard } = query
        const mesh = yield* meshIn(query)
        const state = yield* stateIn(query)
        const rows = yield* outbox.list({ mesh, state, limit: limit + 1 })
        const items = Array.getSomes(yield* Effect.forEach(rows.slice(-limit), entry))
        return { items, more: rows.length > limit, failed: yield* outbox.failed(mesh) }
      }),
      show: (request) => Effect.flatMap(keyOf(request), shown),
      requeue: (request) => keyOf(request).pipe(Effect.flatMap(requeue), Effect.flatMap(shown)),
      cancel: Effect.fnUntraced(function*(request) {
        const key = yield* keyOf(request)
        yield* cancel(key)
        return yield* shown(key)
      })
    })
  })
)

/** A request that is about one message. */
interface AboutOne {
  readonly params: { readonly id: string }
  readonly query: { readonly mesh?: string }
}

/** In which state the messages are that are wanted; absent, on their way. */
const stateIn = Effect.fnUntraced(
  function*({ all, state }: { readonly all?: boolean; readonly state?: OutboxState }) {
    if (all !== true) return state
    if (state === undefined) return "any"
    return yield* refused(
      "usage",
      `Cannot list messages in any state and only those in state "${state}": name the state, or ask for all`
    )
  }
)
