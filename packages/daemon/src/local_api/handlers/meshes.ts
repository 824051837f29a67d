/**
 * Answers for the local API, group `meshes`: founding, joining, choosing, leaving.
 *
 * @module
 */
import { LocalApi } from "@claudemesh/protocol/local_api"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Links } from "../../broker_link/links.ts"
import { Join } from "../../membership/join.ts"
import { Leave } from "../../membership/leave.ts"
import { type Mesh, Meshes } from "../../meshes/meshes.ts"
import { meshDetail, Views } from "../views.ts"

/** The rows of group `meshes`. */
export const meshesHandlers = HttpApiBuilder.group(
  LocalApi,
  "meshes",
  Effect.fnUntraced(function*(handlers) {
    const meshes = yield* Meshes
    const membership = yield* Join
    const leaving = yield* Leave
    const views = yield* Views
    const links = yield* Links
    // Its broker has just answered, so it will be connected before anybody looks.
    const connected = Effect.fnUntraced(function*(mesh: Mesh) {
      yield* Effect.ignore(links.attachment(mesh.id))
      return yield* views.mesh(yield* meshes.find(mesh.id))
    })
    return handlers.handleAll({
      list: () =>
        Effect.map(Effect.flatMap(meshes.all, Effect.forEach(views.mesh)), (items) => ({ items })),
      create: ({ payload: { broker, code, device, member, name } }) =>
        Effect.flatMap(membership.found({ broker, code, device, member, name }), connected),
      join: ({ payload: { device, link, member } }) =>
        Effect.flatMap(membership.join({ device, link, member }), connected),
      show: Effect.fnUntraced(function*({ query }) {
        const mesh = yield* meshes.resolve(query.mesh)
        return yield* meshDetail(mesh, yield* views.mesh(mesh))
      }),
      use: Effect.fnUntraced(function*({ payload }) {
        const mesh = yield* meshes.resolve(payload.mesh)
        yield* meshes.use(mesh.id)
        return yield* views.mesh(mesh)
      }),
      leave: Effect.fnUntraced(function*({ payload }) {
        const mesh = yield* meshes.resolve(payload.mesh)
        const announced = yield* leaving.leave(mesh, payload.force ?? false)
        return { mesh: mesh.id, name: mesh.name, announced }
      })
    })
  })
)
