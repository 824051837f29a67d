/**
 * Messages and sessions of the local API for tests: whatever is not said is harmless.
 *
 * @module
 */
import { DeviceId, MeshId, Name, SessionId } from "@claudemesh/protocol"
import type { ReceivedMessage, Session } from "@claudemesh/protocol/local_api"
import { idOf } from "../../carriers/testing/made_peer_message.ts"

/** The device of that number. */
export function deviceOf(number: number): DeviceId {
  return DeviceId.make(`d_${"abcdefghij".charAt(number).repeat(26)}`)
}

/** The message of that number, of ada to the session api. */
export function madeReceived(
  number: number,
  given: Partial<ReceivedMessage> = {}
): ReceivedMessage {
  return {
    direction: "received",
    id: idOf(number),
    mesh: MeshId.make(`m_${"a".repeat(26)}`),
    mesh_name: "acme",
    from: "ada@laptop2",
    from_device_id: deviceOf(2),
    text: `Message ${number}`,
    priority: "next",
    sent_at: 1,
    received_at: 2,
    read: false,
    ...given
  }
}

/** The session api, at rest. */
export function madeSession(given: Partial<Session> = {}): Session {
  return {
    id: SessionId.make(uuid(3)),
    name: Name.make("api"),
    cwd: "/code/api",
    pid: 7,
    mode: "push",
    unprompted: false,
    status: "idle",
    started_at: 1,
    ...given
  }
}

function uuid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`
}
