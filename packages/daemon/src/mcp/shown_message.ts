/**
 * A message on its way to the model of one session: what it says, and how far it is.
 *
 * @module
 */
import type { Carrier } from "@claudemesh/protocol"
import type { InboxKey, ReceivedMessage } from "@claudemesh/protocol/local_api"
import type { PeerMessage } from "../carriers/peer_text.ts"

/**
 * `waiting`: nobody was handed it. `posted`: it was written to somewhere the client reads, which is no evidence.
 * `surfaced`: the client has shown that it took it. `stopped`: the client holds or refuses what peers say.
 * `withdrawn`: it is to be shown no more, but the client may still have it.
 */
export type Progress = "waiting" | "posted" | "surfaced" | "stopped" | "withdrawn"

/** One of them. */
export interface ShownMessage {
  readonly message: ReceivedMessage
  /** Whether nobody here knows its sender: an agent that asks nobody is not shown it unasked. */
  readonly isStranger: boolean
  /** Whether the client was kept from showing it before, and a human has let it in since. */
  readonly isLetIn: boolean
  readonly progress: Progress
  /** Whether the daemon, as it is there now, has said that it is to be shown. */
  readonly isTold: boolean
  /** By which carrier it was posted; absent where that was before this process began. */
  readonly via?: Carrier
  /** The post that it was in last, when that was, and how often it was posted. */
  readonly post: string
  readonly postedAt: number
  readonly posts: number
  /** Whether the client has said that this post is in its inbox. */
  readonly isThere: boolean
  /** How many times since then the client could have taken it and did not. */
  readonly missed: number
}

/** One that has just been told; one that was posted by a process before this one may be on its way. */
export function shownMessage(
  message: ReceivedMessage,
  { isStranger, now, wasPosted }: {
    readonly now: number
    readonly wasPosted: boolean
    readonly isStranger: boolean
  }
): ShownMessage {
  return {
    message,
    isStranger,
    isLetIn: false,
    progress: wasPosted ? "posted" : "waiting",
    isTold: true,
    post: "",
    postedAt: now,
    posts: wasPosted ? 1 : 0,
    isThere: false,
    missed: 0
  }
}

/** The key by which a message is reported. */
export function keyOf({ from_device_id, id, mesh }: ReceivedMessage): InboxKey {
  return { mesh, from_device_id, id }
}

/** One text for a key: two senders may have used the same id. */
export function nameOfKey({ from_device_id, id, mesh }: InboxKey): string {
  return `${mesh}/${from_device_id}/${id}`
}

/** As it is written for the model; `to` is the session's own name. */
export function peerMessageOf(message: ReceivedMessage, to: string): PeerMessage {
  const { from, id, mesh_name, missing_before, priority, reply_to, sent_at } = message
  const { subject, text } = message
  return {
    id,
    mesh: mesh_name,
    from,
    to,
    priority,
    text,
    sent_at,
    ...(subject === undefined ? {} : { subject }),
    ...(reply_to === undefined ? {} : { reply_to }),
    ...(missing_before === undefined ? {} : { missing_before })
  }
}
