/**
 * Tells attached devices what was appended to their mesh's log, and detaches those that it ended.
 *
 * A device gets every statement after those it has, in order, once: while it is
 * still being sent older ones, news is left out here and read from the store
 * there. A device that is ended is first told by which statement.
 *
 * @module
 */
import type { DeviceId, Membership, Statement } from "@claudemesh/protocol"
import { Context, Effect, Layer } from "effect"
import { type Attachment, Attachments } from "../gateway/attachments.ts"
import { statementPages } from "./statement_pages.ts"

/** What was just committed. */
export interface Appended {
  readonly membership: Membership
  readonly statements: ReadonlyArray<Statement>
  readonly devicesEnded: ReadonlyArray<DeviceId>
}

export class MembershipNews extends Context.Service<MembershipNews, {
  /** Called in the order of commits, right after each. */
  readonly publish: (appended: Appended) => void
}>()("@claudemesh/broker/membership/membership_news/MembershipNews") {
  static readonly layer = Layer.effect(
    MembershipNews,
    Effect.map(Attachments, (attachments) => ({
      publish: ({ devicesEnded, membership, statements }) => {
        for (const attachment of attachments.ofMesh(membership.mesh)) {
          tell(attachment, membership, statements)
          if (devicesEnded.includes(attachment.mailbox.device)) attachment.end("revoked_device")
        }
      }
    }))
  )
}

/** Sends statements that follow what the device has; others are not for now. */
export function tell(
  attachment: Attachment,
  { head, mesh }: Membership,
  statements: ReadonlyArray<Statement>
): void {
  for (const items of statementPages(statements)) {
    if (items[0]?.seq !== attachment.toldUpto + 1) return
    attachment.send({ type: "statements", mesh, items, head: head.seq })
    attachment.toldUpto = items.at(-1)?.seq ?? attachment.toldUpto
  }
}
