/**
 * How each mesh is connected to its broker at the moment, for whoever asks.
 *
 * @module
 */
import type { MeshId } from "@claudemesh/protocol"
import type { Link } from "@claudemesh/protocol/local_api"
import { Clock, Context, Effect, HashMap, Layer, Option, PubSub, Ref } from "effect"

/** Keeps how meshes are connected. */
export class LinkStates extends Context.Service<LinkStates, {
  readonly get: (mesh: MeshId) => Effect.Effect<Link>
  /** Notes a state; the same again leaves the time of the change as it was. */
  readonly set: (mesh: MeshId, link: Omit<Link, "since">) => Effect.Effect<void>
  /** Each mesh whose state changed. */
  readonly changed: PubSub.PubSub<MeshId>
}>()("@claudemesh/daemon/broker_link/link_states/LinkStates") {
  static readonly layer: Layer.Layer<LinkStates> = Layer.effect(
    LinkStates,
    Effect.gen(function*() {
      const states = yield* Ref.make(HashMap.empty<MeshId, Link>())
      const changed = yield* PubSub.sliding<MeshId>(256)
      const known = Effect.fnUntraced(function*(mesh: MeshId) {
        return Option.getOrUndefined(HashMap.get(yield* Ref.get(states), mesh))
      })
      const get = Effect.fnUntraced(function*(mesh: MeshId) {
        const since = yield* Clock.currentTimeMillis
        return (yield* known(mesh)) ?? ({ state: "connecting", since } satisfies Link)
      })
      const set = Effect.fnUntraced(function*(mesh: MeshId, link: Omit<Link, "since">) {
        const before = yield* known(mesh)
        const isSame = before?.state === link.state && before.code === link.code
        const since = before !== undefined && isSame ? before.since : yield* Clock.currentTimeMillis
        yield* Ref.update(states, HashMap.set(mesh, { ...link, since }))
        if (!isSame) yield* PubSub.publish(changed, mesh)
      })
      return LinkStates.of({ get, set, changed })
    })
  )
}
