/**
 * Leaves a mesh: tells the others, then forgets it here. Its keys are kept aside.
 *
 * @module
 */
import type { ErrorCode, MeshId, Refused } from "@claudemesh/protocol"
import { Context, Effect, Layer } from "effect"
import { Inbox } from "../inbox/inbox.ts"
import { type Mesh, Meshes } from "../meshes/meshes.ts"
import { Delivery } from "../outbox/delivery.ts"
import { Prekeys } from "../prekeys/prekeys.ts"
import { AppendStatement } from "./append_statement.ts"
import { Invites } from "./invites.ts"

/** Leaves meshes. */
export class Leave extends Context.Service<Leave, {
  /** Leaves; with `force` also when nobody can be told. Answers whether the others were told. */
  readonly leave: (mesh: Mesh, force: boolean) => Effect.Effect<boolean, Refused>
}>()("@claudemesh/daemon/membership/leave") {
  static readonly layer = Layer.effect(
    Leave,
    Effect.gen(function*() {
      const meshes = yield* Meshes
      const statements = yield* AppendStatement
      const inbox = yield* Inbox
      const delivery = yield* Delivery
      const prekeys = yield* Prekeys
      const invites = yield* Invites

      const announce = Effect.fnUntraced(function*(mesh: Mesh) {
        const body = { member: mesh.identity.memberId, reason: "left" }
        yield* statements.append(mesh, () => Effect.succeed({ kind: "member_revoke", body }))
      }, Effect.catchIf(({ code }) => ENDED.has(code), () => Effect.void))
      function forget(mesh: MeshId) {
        const all = [delivery.forget(mesh), inbox.forget(mesh), invites.forget(mesh)]
        return Effect.andThen(
          meshes.forget(mesh, Effect.all(all, { discard: true })),
          prekeys.forget(mesh)
        )
      }
      const leave = Effect.fn("Leave.leave")(function*(mesh: Mesh, force: boolean) {
        const told = yield* force
          ? Effect.matchEffect(announce(mesh), {
            onFailure: ({ message }) => Effect.as(Effect.logWarning(message), false),
            onSuccess: () => Effect.succeed(true)
          })
          : Effect.as(announce(mesh), true)
        yield* forget(mesh.id)
        return told
      })
      return Leave.of({ leave })
    })
  )
}

/**
 * The mesh has ended us already: an admin did, or our own statement, whose answer went with the
 * connection that it ended.
 */
const ENDED: ReadonlySet<ErrorCode> = new Set(["revoked_device", "unknown_device"])
