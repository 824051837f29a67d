/**
 * Answers for the local API, group `sessions`: the agent runs of this machine, and what they are doing.
 *
 * @module
 */
import { Caller, LocalApi, type RegisterSession } from "@claudemesh/protocol/local_api"
import { Effect, Option } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Meshes } from "../../meshes/meshes.ts"
import { Sessions } from "../../sessions/sessions.ts"
import { noOwnLimit, onlyTightening, ownSession } from "../caller_scope.ts"

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
    // What an agent registers may do no more than itself.
    const limitOf = Effect.fnUntraced(function*({ caps }: Pick<RegisterSession, "caps">) {
      const { session } = yield* Caller
      if (Option.isNone(session)) return caps === undefined ? {} : { caps }
      yield* noOwnLimit(caps)
      return { caps: (yield* sessions.show(session.value)).caps ?? null }
    })
    return handlers.handleAll({
      list: () => Effect.map(sessions.list, (items) => ({ items })),
      ended: () => Effect.map(sessions.ended, (items) => ({ items })),
      register: Effect.fnUntraced(function*({ payload: { mesh, ...payload } }) {
        if (payload.id !== undefined) yield* ownSession(payload.id)
        const registration = yield* onlyTightening(payload)
        const limit = yield* limitOf(payload)
        return yield* sessions.register({ ...registration, ...limit, ...(yield* meshOf(mesh)) })
      }),
      show: ({ params }) => sessions.show(params.id),
      revise: Effect.fnUntraced(function*({ params, payload }) {
        yield* ownSession(params.id)
        yield* noOwnLimit(payload.caps)
        return yield* sessions.revise(params.id, yield* onlyTightening(payload))
      }),
      end: ({ params }) => Effect.andThen(ownSession(params.id), sessions.end(params.id))
    })
  })
)
