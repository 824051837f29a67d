/**
 * What a repeated id is answered: the same message again, or why it cannot be.
 *
 * The same id with the same words to the same devices, or agent runs on them, is one message, however
 * often it is sent. With anything else it belongs to another message. One that
 * has ended wants a new id, for the old one can say nothing but how it ended.
 *
 * @module
 */
import {
  commitmentOf,
  type DeviceId,
  type Meta,
  type Refused,
  refused,
  type SessionId
} from "@claudemesh/protocol"
import { toBase64Url } from "@claudemesh/protocol/crypto"
import type { OutboxState } from "@claudemesh/protocol/local_api"
import type { Outgoing } from "./outbox.ts"

/** A device that a message is for, or an agent run on it. */
interface Recipient {
  readonly device: DeviceId
  readonly session?: SessionId | null
}

/** What a message says, and to which devices. */
export interface Said {
  readonly to: ReadonlyArray<Recipient>
  readonly meta: Meta
  readonly content: Uint8Array
  /** The idempotency key by which it was asked for. */
  readonly key?: string
}

/** States after which an id is spent. */
const ENDED: ReadonlySet<OutboxState> = new Set(["dead", "expired", "aborted"])

/** Nothing if it is the same message and has not failed; else why it is refused. */
export function refusalOfRepeat(known: Outgoing, said: Said): Refused | undefined {
  if (!isSame(known, said)) {
    return refused(
      "id_reused",
      said.key === undefined
        ? `Cannot send message "${known.id}": the id belongs to another message, which is ${known.state}`
        : `Cannot send with idempotency key "${said.key}": it belongs to message ${known.id}, which says something else`
    )
  }
  if (!ENDED.has(known.state)) return undefined
  return refused("message_ended", `Cannot send message "${known.id}" again: ${endOf(known)}`)
}

function isSame(known: Outgoing, { content, meta, to }: Said): boolean {
  const commitment = toBase64Url(commitmentOf({ meta, content, salt: known.salt }))
  const recipients = new Set(known.recipients.map(addressOf))
  return commitment === known.commitment &&
    recipients.symmetricDifference(new Set(to.map(addressOf))).size === 0
}

function addressOf({ device, session }: Recipient): string {
  return `${device}/${session ?? ""}`
}

function endOf({ reason, state, supersededBy }: Outgoing): string {
  if (supersededBy !== null) return `"${supersededBy}" was sent in its place`
  return reason === null || reason === state ? `it is ${state}` : `it is ${state} (${reason})`
}
