/**
 * Appends to a mesh's membership log as this member, whoever else is appending.
 *
 * @module
 */
import {
  type Membership,
  type MeshId,
  nextStatement,
  type Refused,
  refused,
  type Statement,
  type StatementContent,
  statementHash
} from "@claudemesh/protocol"
import { Context, Effect, HashMap, Layer, Option, Ref, Stream, SubscriptionRef } from "effect"
import type { LinkLost } from "../broker_link/broker_transport.ts"
import { Links } from "../broker_link/links.ts"
import { type Mesh, Meshes } from "../meshes/meshes.ts"

/** How long news of a statement may take that reached us before the connection ended. */
const TOLD_WITHIN = "500 millis"

/** How often a statement is signed again because somebody else was first. */
const ATTEMPTS_MAX = 8

/** Makes what to append to the membership as it is. */
export type MakeContent = (membership: Membership) => Effect.Effect<StatementContent, Refused>

/** Appends to membership logs. */
export class AppendStatement extends Context.Service<AppendStatement, {
  /** Signs the statement made for the membership as it is, and answers with the one that it led to. */
  readonly append: (
    mesh: Mesh,
    make: MakeContent
  ) => Effect.Effect<Membership, Refused>
  /** The time by the mesh's broker, which statements are dated by. */
  readonly now: (mesh: Mesh) => Effect.Effect<number, Refused>
  /** The same to show what has ended: ours while there is no connection. */
  readonly shownNow: (mesh: Mesh) => Effect.Effect<number>
}>()("@claudemesh/daemon/membership/append_statement/AppendStatement") {
  static readonly layer = Layer.effect(
    AppendStatement,
    Effect.gen(function*() {
      const meshes = yield* Meshes
      const links = yield* Links

      const now = Effect.fnUntraced(function*({ id }: Mesh) {
        return yield* (yield* links.attachment(id)).brokerTime
      })
      /** The connection ended before the answer: the log itself says what became of the statement. */
      const lookUp = Effect.fnUntraced(function*(id: MeshId, statement: Statement) {
        // What was appended is told to everybody first, also to whom it has just ended.
        const told = yield* SubscriptionRef.changes(meshes.state).pipe(
          Stream.filter((all) => isIn(Option.getOrUndefined(HashMap.get(all, id)), statement)),
          Stream.runHead,
          Effect.timeoutOption(TOLD_WITHIN)
        )
        if (Option.isSome(told)) return
        yield* unlessLost((yield* links.attachment(id)).catchUp)
        if (isIn(yield* meshes.find(id), statement)) return
        return yield* refused(
          "head_moved",
          "The connection ended before the statement was appended"
        )
      })
      const sign = Effect.fnUntraced(
        function*(mesh: Mesh, membership: Membership, make: MakeContent) {
          const content = yield* make(membership)
          return nextStatement(membership, content, {
            at: yield* now(mesh),
            key: mesh.identity.member
          })
        }
      )
      const tryOnce = Effect.fnUntraced(function*(
        mesh: Mesh,
        make: MakeContent,
        signed: Ref.Ref<Statement | undefined>
      ) {
        const attachment = yield* links.attachment(mesh.id)
        const { membership } = yield* meshes.find(mesh.id)
        if (membership === undefined) return yield* unread(mesh)
        const before = yield* Ref.get(signed)
        // Said again to the letter: a broker that has lost it may have told it to others, and one
        // that is dated otherwise would be another log than theirs.
        const statement = before?.prev === membership.head.hash
          ? before
          : yield* sign(mesh, membership, make)
        yield* Ref.set(signed, statement)
        yield* attachment.connection.request({ type: "append", statement }).pipe(
          Effect.tapErrorTag("Refused", () => Effect.ignore(attachment.catchUp)),
          Effect.catchTag("LinkLost", () => lookUp(mesh.id, statement))
        )
        return (yield* meshes.learn(mesh.id, [statement])) ?? membership
      })
      const append = Effect.fn("AppendStatement.append")(
        (mesh: Mesh, make: MakeContent) =>
          Effect.flatMap(
            Ref.make<Statement | undefined>(undefined),
            (signed) =>
              Effect.retry(tryOnce(mesh, make, signed), {
                times: ATTEMPTS_MAX,
                while: ({ code }) => code === "head_moved"
              })
          )
      )
      return AppendStatement.of({ append, now, shownNow: ({ id }) => links.timeOf(id) })
    })
  )
}

/** Whether the mesh's log has the statement. */
function isIn(mesh: Mesh | undefined, statement: Statement): boolean {
  const hashes = mesh?.membership?.hashes ?? HashMap.empty<number, string>()
  return Option.getOrUndefined(HashMap.get(hashes, statement.seq)) === statementHash(statement)
}

function unlessLost(
  reading: Effect.Effect<void, LinkLost | Refused>
): Effect.Effect<void, Refused> {
  return Effect.catchTag(
    reading,
    "LinkLost",
    ({ message }) =>
      Effect.fail(refused("broker_unreachable", `Cannot change the mesh: ${message}`))
  )
}

function unread({ name }: Mesh) {
  return refused(
    "broker_unreachable",
    `Cannot change mesh "${name}": its membership log has not been read yet`
  )
}
