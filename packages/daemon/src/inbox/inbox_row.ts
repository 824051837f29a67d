/**
 * A message that arrived, as it stands in its table.
 *
 * @module
 */
import { DeviceId, MeshId, MessageId, Meta, SessionId } from "@claudemesh/protocol"
import { Schema } from "effect"

/** A message that arrived. */
export const InboxRow = Schema.Struct({
  position: Schema.Int,
  mesh: MeshId,
  sender: DeviceId,
  id: MessageId,
  session: Schema.NullOr(SessionId),
  commitment: Schema.String,
  meta: Schema.fromJsonString(Meta),
  text: Schema.String,
  sentAt: Schema.Int,
  receivedAt: Schema.Int,
  readAt: Schema.NullOr(Schema.Int),
  /** How many of its sender's, right before it, have ended on their way. */
  missingBefore: Schema.Int
})
export type InboxRow = typeof InboxRow.Type

/** Names one message: two senders may have used the same id. */
export type InboxKey = Pick<InboxRow, "mesh" | "sender" | "id">
