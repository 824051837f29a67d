/**
 * Decides whether there is room for an envelope: in each mailbox, in its sender's share, in the mesh.
 *
 * @module
 */
import type { DeviceId, EnvelopeHeader } from "@claudemesh/protocol"
import type { BrokerLimitValues } from "../broker_limits.ts"
import type { AdmissionOutcome } from "./log_store.ts"

/** What may lie unread. */
export type Quotas = Pick<
  BrokerLimitValues,
  "mailboxEntriesMax" | "mailboxBytesMax" | "senderBytesMax" | "meshBytesMax"
>

/** What lies unread in the mailbox of an addressee. */
export interface UnreadMailbox {
  readonly device: DeviceId
  readonly entries: number
  readonly bytes: number
}

/** What lies unread: in the mailbox of each addressee, from the sender, in the mesh. */
export interface Unread {
  readonly mailboxes: ReadonlyArray<UnreadMailbox>
  readonly senderBytes: number
  readonly meshBytes: number
}

/** A verdict must get through where no message does, or its sender would hold its message for lost. */
const RECEIPTS_SHARE = 1.25

/** What is full. */
export type Full = Extract<
  AdmissionOutcome,
  { readonly type: "mailbox_full" | "sender_full" | "mesh_full" }
>

/** What is too full for the envelope; nothing if there is room everywhere. */
export function fullness(
  quotas: Quotas,
  unread: Unread,
  envelope: { readonly class: EnvelopeHeader["class"]; readonly bytes: number }
): Full | undefined {
  const { bytes } = envelope
  const share = envelope.class === "receipt" ? RECEIPTS_SHARE : 1
  const full = unread.mailboxes.find((mailbox) =>
    mailbox.entries + 1 > share * quotas.mailboxEntriesMax ||
    mailbox.bytes + bytes > share * quotas.mailboxBytesMax
  )
  if (full !== undefined) return { type: "mailbox_full", device: full.device }
  const more = bytes * unread.mailboxes.length
  if (unread.senderBytes + more > share * quotas.senderBytesMax) return { type: "sender_full" }
  if (unread.meshBytes + more > share * quotas.meshBytesMax) return { type: "mesh_full" }
  return undefined
}
