/**
 * Answers for the local API, group `invites`: offering membership and taking the offer back.
 *
 * @module
 */
import { limits } from "@claudemesh/protocol"
import { LocalApi } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Invites } from "../../membership/invites.ts"
import { Meshes } from "../../meshes/meshes.ts"

/** The rows of group `invites`. */
export const invitesHandlers = HttpApiBuilder.group(
  LocalApi,
  "invites",
  Effect.fnUntraced(function*(handlers) {
    const meshes = yield* Meshes
    const invites = yield* Invites
    return handlers.handleAll({
      create: Effect.fnUntraced(function*({ payload }) {
        const {
          expires_in_ms: expiresInMillis = limits.inviteMillisDefault,
          max_uses: maxUses = 1
        } = payload
        const mesh = yield* meshes.resolve(payload.mesh)
        return yield* invites.create(mesh, {
          role: payload.role ?? "member",
          maxUses,
          expiresInMillis
        })
      }),
      list: ({ query }) =>
        Effect.map(
          Effect.flatMap(meshes.resolve(query.mesh), invites.list),
          (items) => ({ items })
        ),
      revoke: ({ payload }) =>
        Effect.flatMap(meshes.resolve(payload.mesh), (mesh) => invites.revoke(mesh, payload.invite))
    })
  })
)
