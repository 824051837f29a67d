/**
 * The rows of membership: reading the log, and appending to it as the member whose device is attached.
 *
 * @module
 */
import {
  type Append,
  liveDevice,
  type Membership,
  type MeshId,
  type ReadStatements,
  refused
} from "@claudemesh/protocol"
import { Effect } from "effect"
import type { Connection } from "../gateway/connection.ts"
import { MembershipLog } from "./membership_log.ts"
import { Meshes } from "./meshes.ts"
import { statementPages } from "./statement_pages.ts"

/** Statements of one answer before it is cut to a frame. */
const PAGE_LENGTH = 16

/** Needs the membership logs. */
export const makeMembershipHandlers = Effect.gen(function*() {
  const log = yield* MembershipLog
  const meshes = yield* Meshes

  const readStatements = Effect.fnUntraced(
    function*(connection: Connection, { after, mesh, ref }: ReadStatementsFrame) {
      yield* attached(connection, mesh)
      const { head } = yield* log.find(mesh)
      const [items = []] = statementPages(yield* log.read(mesh, after, PAGE_LENGTH))
      connection.send({ type: "statements", ref, mesh, items, head: head.seq })
    }
  )

  const append = Effect.fnUntraced(
    function*(connection: Connection, { ref, statement }: AppendFrame) {
      const { mailbox } = yield* attached(connection, statement.mesh)
      const membership = yield* log.find(statement.mesh)
      if (memberOf(membership, mailbox.device) !== statement.by) {
        const message =
          `Cannot append statement ${statement.seq}: it is by ${statement.by}, whose device is not attached here`
        return yield* refused("not_permitted", message)
      }
      const { head } = yield* meshes.append(statement)
      connection.send({ type: "appended", ref, head: [head.seq, head.hash] })
    }
  )

  return (connection: Connection) => ({
    read_statements: (frame: ReadStatementsFrame) => readStatements(connection, frame),
    append: (frame: AppendFrame) => append(connection, frame)
  })
})

type ReadStatementsFrame = typeof ReadStatements.Type
type AppendFrame = typeof Append.Type

function memberOf(membership: Membership, device: Parameters<typeof liveDevice>[1]) {
  return liveDevice(membership, device)?.member
}

/** The attachment to a mesh on this connection, or `not_attached`. */
export function attached(connection: Connection, mesh: MeshId) {
  const attachment = connection.attachments.get(mesh)
  return attachment === undefined
    ? refused("not_attached", `Cannot do this: mesh "${mesh}" is not attached here`)
    : Effect.succeed(attachment)
}
