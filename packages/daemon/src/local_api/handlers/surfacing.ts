/**
 * Answers for the local API, group `surfacing`: what sessions are shown, and what became of it.
 *
 * @module
 */
import { type HeldMessage, type InboxKey, LocalApi } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Meshes } from "../../meshes/meshes.ts"
import { Sessions } from "../../sessions/sessions.ts"
import { Feed } from "../../surfacing/feed.ts"
import { Surfacing } from "../../surfacing/surfacing.ts"
import { isHeldReason, type ShownRow } from "../../surfacing/surfacing_rows.ts"
import { isAgent, withoutWords } from "../agent_sight.ts"
import { ownSession } from "../caller_scope.ts"
import { Views } from "../views.ts"

/** The rows of group `surfacing`. */
export const surfacingHandlers = HttpApiBuilder.group(
  LocalApi,
  "surfacing",
  Effect.fnUntraced(function*(handlers) {
    const sessions = yield* Sessions
    const surfacing = yield* Surfacing
    const feed = yield* Feed
    const meshes = yield* Meshes
    const views = yield* Views

    const heldMessage = Effect.fnUntraced(function*(row: ShownRow) {
      const { changedAt, detail, shownTo } = row
      const message = yield* views.received(row)
      return {
        ...((yield* isAgent) ? withoutWords(message) : { message }),
        session: shownTo,
        because: isHeldReason(detail) ? detail : "client_hold" as const,
        since: changedAt
      } satisfies HeldMessage
    })
    return handlers.handleAll({
      feed: ({ params }) =>
        Effect.andThen(ownSession(params.id), sessions.show(params.id)).pipe(
          Effect.as(feed.read(params.id))
        ),
      report: Effect.fnUntraced(function*({ params, payload }) {
        yield* ownSession(params.id)
        return { changed: yield* surfacing.report(params.id, payload.items) }
      }),
      held: Effect.fnUntraced(function*({ query }) {
        const mesh = query.mesh === undefined ? undefined : yield* meshes.resolve(query.mesh)
        const rows = yield* surfacing.held(mesh?.id)
        return { items: yield* Effect.forEach(rows, heldMessage) }
      }),
      accept: ({ payload }) =>
        Effect.map(surfacing.accept(payload.messages.map(keyOf)), (changed) => ({ changed })),
      drop: ({ payload }) =>
        Effect.map(surfacing.drop(payload.messages.map(keyOf)), (changed) => ({ changed }))
    })
  })
)

function keyOf({ from_device_id, id, mesh }: InboxKey) {
  return { mesh, sender: from_device_id, id }
}
