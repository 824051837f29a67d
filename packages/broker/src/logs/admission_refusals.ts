/**
 * What a sender is told when its envelope is not admitted.
 *
 * @module
 */
import type { ErrorCode, MessageId } from "@claudemesh/protocol"
import type { AdmissionOutcome } from "../store/log_store.ts"

/** Code and message of a refusal; nothing if the envelope is in the log, now or since before. */
export function refusalOf(
  outcome: AdmissionOutcome,
  id: MessageId
): { readonly code: ErrorCode; readonly message: string } | undefined {
  switch (outcome.type) {
    case "admitted":
    case "repeated":
      return undefined
    case "id_reused":
      return {
        code: "id_reused",
        message: `Cannot admit message "${id}": it was admitted with other content`
      }
    case "revoked_sender":
      return {
        code: "revoked_device",
        message: `Cannot admit message "${id}": this device was revoked`
      }
    case "unknown_recipient":
      return {
        code: "unknown_recipient",
        message: `Cannot admit message "${id}": ${outcome.device} is not of this mesh`
      }
    case "fenced":
      return {
        code: "fenced",
        message: `Cannot admit message "${id}": a newer connection of its device took over`
      }
    case "mailbox_full":
      return {
        code: "quota",
        message: `Cannot admit message "${id}": ${outcome.device} has too much unread`
      }
    case "sender_full":
      return {
        code: "quota",
        message: `Cannot admit message "${id}": too much of what this device sent lies unread`
      }
    case "mesh_full":
      return {
        code: "quota",
        message: `Cannot admit message "${id}": too much lies unread in its mesh`
      }
  }
}
