/**
 * Shows what the tables hold in the words of the local API.
 *
 * @module
 */
import {
  devicesOf,
  isErrorCode,
  liveMembers,
  type Membership,
  type Refused,
  refused
} from "@claudemesh/protocol"
import { fromUtf8 } from "@claudemesh/protocol/crypto"
import type {
  MeshDetail,
  MeshStatus,
  MessageState,
  ReceivedMessage,
  RecipientStatus,
  SentMessage
} from "@claudemesh/protocol/local_api"
import { Context, Effect, Layer, Option } from "effect"
import { LinkStates } from "../broker_link/link_states.ts"
import { Inbox, type InboxRow } from "../inbox/inbox.ts"
import { type Mesh, Meshes } from "../meshes/meshes.ts"
import { asState } from "../outbox/delivery_rows.ts"
import { type MessageKey, Outbox, type Outgoing } from "../outbox/outbox.ts"
import type { RecipientRow, StepRow } from "../outbox/outbox_store.ts"
import { inOrder, leastOf } from "../outbox/progress.ts"
import { deviceOf, nameOfDevice } from "../roster/roster.ts"
import { isCarrier, isHeldReason } from "../surfacing/surfacing_rows.ts"

/** Shows rows as the local API says them. */
export class Views extends Context.Service<Views, {
  readonly received: (row: InboxRow) => Effect.Effect<ReceivedMessage>
  readonly sent: (key: MessageKey) => Effect.Effect<Option.Option<SentMessage>>
  readonly mesh: (mesh: Mesh) => Effect.Effect<MeshStatus>
}>()("@claudemesh/daemon/local_api/views") {
  static readonly layer = Layer.effect(
    Views,
    Effect.gen(function*() {
      const meshes = yield* Meshes
      const outbox = yield* Outbox
      const inbox = yield* Inbox
      const links = yield* LinkStates
      const find = Effect.fnUntraced(function*(mesh: Mesh["id"]) {
        return Option.getOrUndefined(yield* Effect.option(meshes.find(mesh)))
      })

      const received = Effect.fnUntraced(function*(row: InboxRow) {
        return receivedMessage(row, yield* find(row.mesh))
      })
      const sent = Effect.fnUntraced(function*(key: MessageKey) {
        const message = yield* outbox.find(key)
        if (Option.isNone(message)) return Option.none()
        const steps = yield* outbox.steps(key.mesh, key.id)
        return Option.some(sentMessage(message.value, steps, yield* find(key.mesh)))
      })
      const mesh = Effect.fnUntraced(function*(mesh: Mesh) {
        const current = Option.getOrUndefined(yield* meshes.current)
        return {
          ...meshFacts(mesh),
          current: current?.id === mesh.id,
          unread: yield* inbox.unread({ mesh: mesh.id }),
          queued: yield* outbox.open(mesh.id),
          link: yield* links.get(mesh.id)
        }
      })
      return Views.of({ received, sent, mesh })
    })
  )
}

function meshFacts({ id, identity, membership, name }: Mesh) {
  const members = membership === undefined ? [] : liveMembers(membership)
  return {
    mesh: id,
    name,
    broker: identity.broker,
    member: members.find((member) => member.id === identity.memberId)?.name ?? identity.memberName,
    member_id: identity.memberId,
    device: identity.deviceName,
    device_id: identity.deviceId,
    role: members.find((member) => member.id === identity.memberId)?.role ?? "member" as const,
    members: members.length
  }
}

/** A mesh with its members; refused while its log is not here. */
export function meshDetail(mesh: Mesh, status: MeshStatus): Effect.Effect<MeshDetail, Refused> {
  const { membership } = mesh
  if (membership === undefined) {
    return Effect.fail(
      refused(
        "broker_unreachable",
        `Cannot show mesh "${mesh.name}": its log has not been read yet`
      )
    )
  }
  const roster = liveMembers(membership).map(({ id, name, role }) => ({
    member: name,
    member_id: id,
    role,
    devices: devicesOf(membership, id).map((device) => ({
      device: device.name,
      device_id: device.id
    }))
  }))
  return Effect.succeed({ ...status, root: membership.root, head: membership.head, roster })
}

function receivedMessage(row: InboxRow, mesh: Mesh | undefined): ReceivedMessage {
  const { id, meta, receivedAt, sender, sentAt, text } = row
  const member = deviceOf(mesh?.membership, sender)?.member
  return {
    direction: "received",
    id,
    mesh: row.mesh,
    mesh_name: mesh?.name ?? row.mesh,
    from: nameOfDevice(mesh?.membership, sender),
    ...(member === undefined ? {} : { from_member_id: member }),
    from_device_id: sender,
    ...(meta.session === undefined ? {} : { from_session: meta.session }),
    ...(row.session === null ? {} : { to_session: row.session }),
    ...wordsOf(meta),
    text,
    sent_at: sentAt,
    received_at: receivedAt,
    read: row.readAt !== null,
    ...(row.missingBefore === 0 ? {} : { missing_before: row.missingBefore })
  }
}

function sentMessage(
  message: Outgoing,
  steps: ReadonlyArray<typeof StepRow.Type>,
  mesh: Mesh | undefined
): SentMessage {
  const recipients = message.recipients.map((recipient) =>
    recipientStatus(recipient, steps, mesh?.membership)
  )
  return {
    direction: "sent",
    id: message.id,
    mesh: message.mesh,
    mesh_name: mesh?.name ?? message.mesh,
    to: message.addressed,
    ...wordsOf(message.meta),
    text: fromUtf8(message.content) ?? "",
    accepted_at: message.acceptedAt,
    expires_at: message.acceptedAt + message.ttl,
    state: leastOf(recipients.map(({ state }) => state)),
    recipients,
    ...(message.supersededBy === null ? {} : { superseded_by: message.supersededBy }),
    ...(message.supersedes === null ? {} : { supersedes: message.supersedes })
  }
}

function recipientStatus(
  { device, reason, state }: RecipientRow,
  steps: ReadonlyArray<typeof StepRow.Type>,
  membership: Membership | undefined
): RecipientStatus {
  const member = deviceOf(membership, device)?.member
  return {
    name: nameOfDevice(membership, device),
    ...(member === undefined ? {} : { member_id: member }),
    device_id: device,
    state: asState(state),
    ...detailOf(asState(state), reason),
    steps: inOrder(
      steps.filter((step) => step.device === device).map(({ at, state }) => ({
        state: asState(state),
        at
      }))
    )
  }
}

/** What is known beside the state: why it was refused or is held, or by what it reached the agent. */
function detailOf(state: MessageState, detail: string | null) {
  switch (state) {
    case "held":
      return isHeldReason(detail) ? { held_because: detail } : {}
    case "surfaced":
    case "in_context":
      return isCarrier(detail) ? { carrier: detail } : {}
    default:
      return detail !== null && isErrorCode(detail) ? { reason: detail } : {}
  }
}

function wordsOf(meta: InboxRow["meta"]) {
  const { priority, reply_to, subject } = meta
  return {
    priority,
    ...(subject === undefined ? {} : { subject }),
    ...(reply_to === undefined ? {} : { reply_to })
  }
}
