/**
 * Appends to a mesh's membership log as this member, whoever else is appending.
 *
 * @module
 */
import {
  type Membership,
  nextStatement,
  type Refused,
  refused,
  type StatementContent
} from "@claudemesh/protocol"
import { Clock, Context, Effect, Layer } from "effect"
import { Links } from "../broker_link/links.ts"
import { type Mesh, Meshes } from "../meshes/meshes.ts"

/** How often a statement is signed again because somebody else was first. */
const ATTEMPTS_MAX = 8

/** Appends to membership logs. */
export class AppendStatement extends Context.Service<AppendStatement, {
  /** Signs the statement made for the membership as it is, and answers with the one that it led to. */
  readonly append: (
    mesh: Mesh,
    make: (membership: Membership) => Effect.Effect<StatementContent, Refused>
  ) => Effect.Effect<Membership, Refused>
  /** The time by the mesh's broker, which statements are dated by. */
  readonly now: (mesh: Mesh) => Effect.Effect<number, Refused>
}>()("@claudemesh/daemon/membership/append_statement/AppendStatement") {
  static readonly layer = Layer.effect(
    AppendStatement,
    Effect.gen(function*() {
      const meshes = yield* Meshes
      const links = yield* Links

      const now = Effect.fnUntraced(function*({ id }: Mesh) {
        const { clockOffset } = yield* links.attachment(id)
        return (yield* Clock.currentTimeMillis) + clockOffset
      })
      const tryOnce: (
        mesh: Mesh,
        make: Parameters<AppendStatement["Service"]["append"]>[1]
      ) => Effect.Effect<
        Membership,
        Refused
      > = Effect.fnUntraced(function*(mesh, make) {
        const attachment = yield* links.attachment(mesh.id)
        const { membership } = yield* meshes.find(mesh.id)
        if (membership === undefined) return yield* unread(mesh)
        const at = yield* now(mesh)
        const statement = nextStatement(membership, yield* make(membership), {
          at,
          key: mesh.identity.member
        })
        yield* attachment.connection.request({ type: "append", statement }).pipe(
          Effect.tapError(() => Effect.ignore(attachment.catchUp)),
          Effect.catchTag(
            "LinkLost",
            ({ message }) => refused("broker_unreachable", `Cannot change the mesh: ${message}`)
          )
        )
        return (yield* meshes.learn(mesh.id, [statement])) ?? membership
      })
      const append = Effect.fn("AppendStatement.append")(
        (mesh: Mesh, make: Parameters<AppendStatement["Service"]["append"]>[1]) =>
          Effect.retry(tryOnce(mesh, make), {
            times: ATTEMPTS_MAX,
            while: ({ code }) => code === "head_moved"
          })
      )
      return AppendStatement.of({ append, now })
    })
  )
}

function unread({ name }: Mesh) {
  return refused(
    "broker_unreachable",
    `Cannot change mesh "${name}": its membership log has not been read yet`
  )
}
