/**
 * Answers for the local API, group `sessions`: the agent runs of this machine, and what they are doing.
 *
 * @module
 */
import { LocalApi } from "@claudemesh/protocol/local_api"
import { Effect, Option } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Meshes } from "../../meshes/meshes.ts"
import { Sessions } from "../../sessions/sessions.ts"
import { onlyTightening, ownSession } from "../caller_scope.ts"

/** The rows of group `sessions`. */
export const sessionsHandlers = HttpApiBuilder.group(
  LocalApi,
  "sessions",
  Effect.fnUntraced(function*(handlers) {
    const sessions = yield* Sessions
    const meshes = yield* Meshes
    // A session of no mesh is one whose user has none yet. One that is resumed keeps its own.
    const meshOf = Effect.fnUntraced(function*(typed: string | undefined) {
      if (typed !== undefined) return { mesh: (yield* meshes.resolve(typed)).id }
      return { otherwise: Option.getOrUndefined(yield* meshes.current)?.id }
    })
    return handlers.handleAll({
      list: () => Effect.map(sessions.list, (items) => ({ items })),
      ended: () => Effect.map(sessions.ended, (items) => ({ items })),
      register: Effect.fnUntraced(function*({ payload: { mesh, ...payload } }) {
        if (payload.id !== undefined) yield* ownSession(payload.id)
        const registration = yield* onlyTightening(payload)
        return yield* sessions.register({ ...registration, ...(yield* meshOf(mesh)) })
      }),
      show: ({ params }) => sessions.show(params.id),
      revise: Effect.fnUntraced(function*({ params, payload }) {
        yield* ownSession(params.id)
        return yield* sessions.revise(params.id, yield* onlyTightening(payload))
      }),
      end: ({ params }) => Effect.andThen(ownSession(params.id), sessions.end(params.id))
    })
  })
)
