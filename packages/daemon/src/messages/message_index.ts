/**
 * Finds the one message that an id, or the beginning of an id, stands for: sent or received.
 *
 * Only their senders choose ids, so a message may come under the id of another: one of ours, or of another
 * sender's. Ours is meant then unless somebody says whose, and nobody can hide it behind theirs.
 *
 * @module
 */
import {
  type DeviceId,
  limits,
  type MeshId,
  type MessageId,
  type Refused,
  refused
} from "@claudemesh/protocol"
import { Context, DateTime, Effect, Layer, Option } from "effect"
import { Inbox, type InboxRow } from "../inbox/inbox.ts"
import { Meshes } from "../meshes/meshes.ts"
import { type MessageKey, Outbox } from "../outbox/outbox.ts"
import { addressOf } from "../roster/roster.ts"

interface Sent {
  readonly id: MessageId
  readonly sent: MessageKey
}

interface Received {
  readonly id: MessageId
  readonly received: InboxRow
}

/** A message of this machine. */
export type FoundMessage = Received | Sent

/** Among which messages to look. */
export interface Among {
  /** Decides between messages of one id. */
  readonly mesh?: MeshId | undefined
  /** Of received ones, only what these devices wrote. */
  readonly senders?: ReadonlyArray<DeviceId> | undefined
}

/** To whom an answer goes. */
interface Addressed {
  readonly mesh: MeshId
  readonly devices: ReadonlyArray<DeviceId>
}

/** Finds messages by their ids; none and several are refused. */
export class MessageIndex extends Context.Service<MessageIndex, {
  /** The one message whose id begins so; of several of one id, the one that was sent here. */
  readonly find: (idPrefix: string, among?: Among) => Effect.Effect<FoundMessage, Refused>
  /** The one whose id begins so of those that were sent here. */
  readonly sent: (idPrefix: string, among?: Among) => Effect.Effect<MessageKey, Refused>
  /**
   * The id of the message that is answered, to those devices. Where several senders have used one id, whoever
   * is written to must be one of them: then they know which is meant.
   */
  readonly answered: (idPrefix: string, to: Addressed) => Effect.Effect<MessageId, Refused>
  /** The one whose id begins so of those that were received here. */
  readonly received: (idPrefix: string, among?: Among) => Effect.Effect<InboxRow, Refused>
}>()("@claudemesh/daemon/messages/message_index/MessageIndex") {
  static readonly layer = Layer.effect(
    MessageIndex,
    Effect.gen(function*() {
      const inbox = yield* Inbox
      const outbox = yield* Outbox
      const chooseOne = yield* makeChooseOne
      const refuseSenders = yield* makeRefuseSenders

      const receivedOnes = Effect.fnUntraced(function*(typed: string, { senders }: Among) {
        const prefix = prefixOf(typed)
        const rows = prefix === undefined ? [] : yield* inbox.byPrefix(prefix, senders)
        return rows.map((received): Received => ({ id: received.id, received }))
      })
      const sentOnes = Effect.fnUntraced(function*(typed: string) {
        const prefix = prefixOf(typed)
        const keys = prefix === undefined ? [] : yield* outbox.byPrefix(prefix)
        return keys.map((sent): Sent => ({ id: sent.id, sent }))
      })

      const anyOnes = Effect.fnUntraced(function*(typed: string, among: Among) {
        return [...(yield* receivedOnes(typed, among)), ...(yield* sentOnes(typed))]
      })

      const find = Effect.fn("MessageIndex.find")(function*(typed: string, among: Among = {}) {
        return yield* chooseOne(typed, yield* anyOnes(typed, among), among)
      })
      const answered = Effect.fn("MessageIndex.answered")(
        function*(typed: string, { devices, mesh }: Addressed) {
          const found = yield* anyOnes(typed, {})
          const senders = isOfOneId(found) ? receivedOf(preferred(found, mesh)) : []
          const theirs = senders.find(({ sender }) => devices.includes(sender))
          if (theirs !== undefined) return theirs.id
          if (senders.length > 1) return yield* refuseSenders(typed, senders)
          return (yield* chooseOne(typed, found, { mesh })).id
        }
      )
      const sent = Effect.fn("MessageIndex.sent")(function*(typed: string, among: Among = {}) {
        const found = yield* sentOnes(typed)
        const isElsewhere = found.length === 0 && (yield* receivedOnes(typed, {})).length > 0
        if (isElsewhere) return yield* notAmong(typed, "in the outbox: it was received, not sent")
        return (yield* chooseOne(typed, found, among)).sent
      })
      const received = Effect.fn("MessageIndex.received")(
        function*(typed: string, among: Among = {}) {
          const found = yield* receivedOnes(typed, among)
          if (found.length === 0 && (yield* receivedOnes(typed, {})).length > 0) {
            return yield* notAmong(typed, "of that peer: it was received from another")
          }
          const isElsewhere = found.length === 0 && (yield* sentOnes(typed)).length > 0
          if (isElsewhere) return yield* notAmong(typed, "in the inbox: it was sent from here")
          return (yield* chooseOne(typed, found, among)).received
        }
      )
      return MessageIndex.of({ find, answered, sent, received })
    })
  )
}

/** Chooses the one that is meant among those whose ids begin as was typed. */
const makeChooseOne = Effect.gen(function*() {
  const meshes = yield* Meshes

  /** The words that would have said this one rather than another of its id. */
  const told = Effect.fnUntraced(function*(one: FoundMessage, isOfSeveralMeshes: boolean) {
    const id = meshOf(one)
    const mesh = Option.getOrUndefined(yield* Effect.option(meshes.find(id)))
    const ofMesh = isOfSeveralMeshes ? ` --mesh ${mesh?.name ?? id}` : ""
    return "sent" in one
      ? `${one.id}${ofMesh}`
      : `${one.id}${ofMesh} --from ${addressOf(mesh?.membership, one.received.sender)}`
  })
  return Effect.fnUntraced(
    function*<Found extends FoundMessage>(
      typed: string,
      found: ReadonlyArray<Found>,
      { mesh }: Among
    ) {
      if (!isOfOneId(found)) {
        return yield* ambiguous(typed, [...new Set(found.map(({ id }) => id))])
      }
      const meant = preferred(found, mesh)
      const [only, ...others] = meant
      if (only === undefined) return yield* notFound(typed)
      if (others.length === 0) return only
      const isOfSeveralMeshes = new Set(meant.map(meshOf)).size > 1
      return yield* ambiguous(
        typed,
        yield* Effect.forEach(meant, (one) => told(one, isOfSeveralMeshes))
      )
    }
  )
})

/** Refuses to choose between messages of one id, and says of each whose it is and of when. */
const makeRefuseSenders = Effect.gen(function*() {
  const meshes = yield* Meshes

  const whose = Effect.fnUntraced(function*({ mesh, sender, sentAt }: InboxRow) {
    const known = Option.getOrUndefined(yield* Effect.option(meshes.find(mesh)))
    const at = DateTime.formatIso(DateTime.makeUnsafe(sentAt))
    return `that of ${addressOf(known?.membership, sender)}, sent ${at}`
  })
  return Effect.fnUntraced(function*(typed: string, senders: ReadonlyArray<InboxRow>) {
    return yield* ambiguous(typed, yield* Effect.forEach(senders, whose))
  })
})

function isOfOneId(found: ReadonlyArray<FoundMessage>): boolean {
  return new Set(found.map(({ id }) => id)).size <= 1
}

function receivedOf(found: ReadonlyArray<FoundMessage>): ReadonlyArray<InboxRow> {
  return found.flatMap((one) => "received" in one ? [one.received] : [])
}

/** Of messages of one id: those of the mesh, if there are any, and of those ours. */
function preferred<Found extends FoundMessage>(
  found: ReadonlyArray<Found>,
  mesh: MeshId | undefined
): ReadonlyArray<Found> {
  const ofMesh = found.filter((one) => meshOf(one) === mesh)
  const those = ofMesh.length > 0 ? ofMesh : found
  const ours = those.filter((one) => "sent" in one)
  return ours.length > 0 ? ours : those
}

function meshOf(message: FoundMessage): MeshId {
  return "sent" in message ? message.sent.mesh : message.received.mesh
}

/** What an id would have to begin with; nothing where that is too short. */
function prefixOf(typed: string): string | undefined {
  const prefix = typed.trim().toLowerCase()
  return prefix.length < limits.idPrefixMin ? undefined : prefix
}

function ambiguous(typed: string, candidates: ReadonlyArray<string>): Refused {
  return refused("ambiguous_name", `Cannot tell which message "${typed}" is`, { candidates })
}

function notFound(typed: string): Refused {
  const isShort = prefixOf(typed) === undefined
  const why = isShort ? `: an id needs its first ${limits.idPrefixMin} characters` : ""
  return refused("message_not_found", `Cannot find a message "${typed}"${why}`)
}

function notAmong(typed: string, where: string): Refused {
  return refused("message_not_found", `Cannot find message "${typed}" ${where}`)
}
