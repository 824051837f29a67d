/**
 * Answers for the local API, group `outbox`: what was accepted to send, and what may be done with it.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol"
import { LocalApi } from "@claudemesh/protocol/local_api"
import { Array, Effect, Option } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Meshes } from "../../meshes/meshes.ts"
import { MessageIndex } from "../../messages/message_index.ts"
import { type MessageKey, Outbox } from "../../outbox/outbox.ts"
import { makeWithdrawals } from "../../outbox/withdrawals.ts"
import { makeOutboxEntries } from "../outbox_entries.ts"

/** Messages of one page of the outbox. */
const LIMIT_DEFAULT = 50
const LIMIT_MAX = 500

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

    const keyOf = Effect.fnUntraced(function*({ id }: { readonly id: string }) {
      const found = yield* index.find(id)
      return "sent" in found ? found.sent : yield* notSent(found.id)
    })
    const shown = Effect.fnUntraced(function*(key: MessageKey) {
      const found = yield* entry(key)
      return yield* Option.match(found, { onNone: () => gone(key), onSome: Effect.succeed })
    })
    return handlers.handleAll({
      list: Effect.fnUntraced(function*({ query }) {
        const limit = Math.min(Math.max(1, query.limit ?? LIMIT_DEFAULT), LIMIT_MAX)
        const mesh = query.mesh === undefined ? undefined : (yield* meshes.resolve(query.mesh)).id
        const state = query.all === true ? "any" as const : query.state
        const rows = yield* outbox.list({ mesh, state, limit: limit + 1 })
        const items = Array.getSomes(yield* Effect.forEach(rows.slice(-limit), entry))
        return { items, more: rows.length > limit, failed: yield* outbox.failed(mesh) }
      }),
      show: ({ params }) => Effect.flatMap(keyOf(params), shown),
      requeue: ({ params }) => keyOf(params).pipe(Effect.flatMap(requeue), Effect.flatMap(shown)),
      cancel: Effect.fnUntraced(function*({ params }) {
        const key = yield* keyOf(params)
        yield* cancel(key)
        return yield* shown(key)
      })
    })
  })
)

function notSent(id: string): Effect.Effect<never, Refused> {
  return Effect.fail(
    refused("message_not_found", `Cannot find "${id}" in the outbox: it was received, not sent`)
  )
}

function gone({ id }: MessageKey): Effect.Effect<never, Refused> {
  return Effect.fail(refused("message_not_found", `Cannot find message "${id}" any more`))
}
