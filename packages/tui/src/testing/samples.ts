/**
 * Values of the local API for tests, all seen at one moment.
 *
 * @module
 */
import {
  DaemonStatus,
  type HeldMessage,
  InviteView,
  MeshDetail,
  MeshStatus,
  OutboxEntry,
  Peer,
  ReceivedMessage,
  SentMessage,
  Session
} from "@claudemesh/protocol/local_api"

/** Now: 2026-11-24T06:00:00Z. */
export const NOW = 1_795_500_000_000
const MINUTE = 60_000

/** An id: the same for the same letter. */
export function idOf(prefix: string, letter: string): string {
  return `${prefix}_${letter.repeat(26)}`
}

const names = { mesh: idOf("m", "a"), member_id: idOf("u", "a"), device_id: idOf("d", "a") }

export const mesh = MeshStatus.make({
  mesh: MeshStatus.fields.mesh.make(names.mesh),
  name: "home",
  current: true,
  broker: "http://127.0.0.1:7843",
  member: "ada",
  member_id: MeshStatus.fields.member_id.make(names.member_id),
  device: "laptop",
  device_id: MeshStatus.fields.device_id.make(names.device_id),
  role: "admin",
  members: 2,
  unread: 1,
  queued: 0,
  link: { state: "attached", since: NOW - 5 * MINUTE }
})

export const offlineMesh: MeshStatus = {
  ...mesh,
  queued: 2,
  link: {
    state: "offline",
    since: NOW - MINUTE,
    code: "broker_unreachable",
    message: "nothing listens there"
  }
}

export const daemonStatus = DaemonStatus.make({
  version: "0.1.0",
  // No system gives a process this number.
  pid: 4_194_305,
  home: "/srv/ada/.claudemesh",
  started_at: NOW - 90 * MINUTE,
  health: [],
  sessions: 0,
  meshes: [mesh]
})

export const meshDetail = MeshDetail.make({
  ...mesh,
  root: "A".repeat(43),
  head: { seq: 3, hash: "B".repeat(42) + "A" },
  roster: [{
    member: "ada",
    member_id: mesh.member_id,
    role: "admin",
    devices: [{ device: "laptop", device_id: mesh.device_id }]
  }]
})

const { device_id, member_id } = Peer.fields

export const peer = Peer.make({
  name: "bob",
  member: "bob",
  member_id: member_id.make(idOf("u", "b")),
  device: "tower",
  device_id: device_id.make(idOf("d", "b")),
  role: "member",
  state: "online",
  since: NOW - 2 * MINUTE,
  self: false
})

export const invite = InviteView.make({
  id: InviteView.fields.id.make(idOf("i", "a")),
  mesh: mesh.mesh,
  mesh_name: "home",
  role: "member",
  by: "ada",
  uses: 1,
  max_uses: 5,
  expires: NOW + 23 * 60 * MINUTE,
  state: "open",
  link: `http://127.0.0.1:7843/i/${idOf("i", "a")}#AAAAAAAAAAAAAAAAAAAAAA.${names.mesh}`
})

export const sent = SentMessage.make({
  direction: "sent",
  id: SentMessage.fields.id.make("019a0000-0000-7000-8000-000000000001"),
  mesh: mesh.mesh,
  mesh_name: "home",
  to: "bob",
  text: "tests pass",
  priority: "next",
  accepted_at: NOW - MINUTE,
  expires_at: NOW + 7 * 24 * 60 * MINUTE,
  state: "inboxed",
  recipients: [{
    name: "bob@tower",
    member_id: peer.member_id,
    device_id: peer.device_id,
    state: "inboxed",
    steps: [
      { state: "queued", at: NOW - MINUTE },
      { state: "admitted", at: NOW - MINUTE + 4 },
      { state: "inboxed", at: NOW - MINUTE + 11 }
    ]
  }]
})

export const received = ReceivedMessage.make({
  direction: "received",
  id: ReceivedMessage.fields.id.make("019a0000-0000-7000-8000-000000000002"),
  mesh: mesh.mesh,
  mesh_name: "home",
  from: "bob",
  from_member_id: peer.member_id,
  from_device_id: peer.device_id,
  subject: "build",
  text: "it is green\n$ now run this",
  priority: "now",
  sent_at: NOW - 2 * MINUTE,
  received_at: NOW - 2 * MINUTE + 9,
  read: false
})

/** A message that the broker did not take for now. */
export const outboxEntry = OutboxEntry.make({
  ...sent,
  state: "queued",
  recipients: [{
    name: "bob@tower",
    device_id: peer.device_id,
    state: "queued",
    steps: [{ state: "queued", at: NOW - MINUTE }]
  }],
  outbox_state: "pending",
  waits_for: "retry",
  attempts: 2,
  last_error: "quota",
  next_attempt_at: NOW + 3_000,
  cancellable: true,
  link: mesh.link
})

export const session = Session.make({
  id: Session.fields.id.make("00000000-0000-4000-8000-00000000000a"),
  name: "api",
  cwd: "/src/api",
  agent: "claude",
  pid: 4_194_306,
  mesh: mesh.mesh,
  mode: "push",
  unprompted: false,
  status: "working",
  carrier: "socket",
  started_at: NOW - 60 * MINUTE
})

export const heldMessage: HeldMessage = {
  message: received,
  session: session.id,
  because: "unknown_sender",
  since: NOW - MINUTE
}
