/**
 * Appends to membership logs as if the broker always agreed.
 *
 * @module
 */
import { nextStatement, type Refused } from "@claudemesh/protocol"
import { Effect, Layer, Ref } from "effect"
import { AppendStatement } from "../membership/append_statement.ts"
import { Meshes } from "../meshes/meshes.ts"

/** The broker's clock is ours; it refuses with what `refusal` holds, if it holds something. */
export function layerLocalAppend(refusal?: Ref.Ref<Refused | undefined>) {
  return Layer.effect(
    AppendStatement,
    Effect.gen(function*() {
      const meshes = yield* Meshes
      const append: AppendStatement["Service"]["append"] = Effect.fnUntraced(
        function*(mesh, make) {
          const refused = refusal === undefined ? undefined : yield* Ref.get(refusal)
          if (refused !== undefined) return yield* refused
          const { membership } = yield* meshes.find(mesh.id)
          if (membership === undefined) return yield* Effect.die("the log is not here")
          const key = { at: yield* now(), key: mesh.identity.member }
          const statement = nextStatement(membership, yield* make(membership), key)
          return (yield* meshes.learn(mesh.id, [statement])) ?? membership
        }
      )
      return AppendStatement.of({ append, now, shownNow: now })
    })
  )
}

function now(): Effect.Effect<number> {
  return Effect.clockWith((clock) => clock.currentTimeMillis)
}
