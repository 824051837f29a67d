/**
 * Takes what a broker pushes: verify, open, commit; then, and only then, the acknowledgement.
 *
 * A batch of entries is one commit. What cannot be accepted is answered with a
 * verdict and acknowledged, so that it blocks nothing. Ids say what is known
 * already, never the broker's numbers: one that went back in time gives the
 * numbers that we have read to new messages.
 *
 * @module
 */
import {
  type Envelope,
  type ErrorCode,
  type Membership,
  type OpenContext,
  type Opened,
  openEnvelope,
  type Push,
  readEnvelope,
  ReceiptsContent,
  type Refused,
  type Verdict,
  verifyReceipt
} from "@claudemesh/protocol"
import { fromUtf8 } from "@claudemesh/protocol/crypto"
import { Clock, Context, Effect, Layer, Result, Schema } from "effect"
import type { Attachment } from "../broker_link/attachment.ts"
import type { LinkLost } from "../broker_link/broker_transport.ts"
import { HealthNotes } from "../health.ts"
import { LocalEvents } from "../local_api/events.ts"
import { Views } from "../local_api/views.ts"
import { type Mesh, Meshes } from "../meshes/meshes.ts"
import { Delivery } from "../outbox/delivery.ts"
import { Prekeys } from "../prekeys/prekeys.ts"
import { deviceOf } from "../roster/roster.ts"
import { Inbox, type InboxRow } from "./inbox.ts"

/** An entry after its checks: opened, refused, or not even an envelope. */
type Checked =
  & { readonly seq: number }
  & (
    | { readonly opened: Opened }
    | { readonly envelope: Envelope; readonly verdict: Verdict }
    | { readonly unreadable: true }
  )

/** Takes what a broker pushes. */
export class Receiver extends Context.Service<Receiver, {
  /** Commits the entries, in their order; the last number may then be acknowledged. */
  readonly receive: (
    attachment: Attachment,
    pushes: ReadonlyArray<Push>
  ) => Effect.Effect<void, LinkLost | Refused>
}>()("@claudemesh/daemon/inbox/receive/Receiver") {
  static readonly layer = Layer.effect(
    Receiver,
    Effect.gen(function*() {
      const meshes = yield* Meshes
      const health = yield* HealthNotes
      const events = yield* LocalEvents
      const views = yield* Views
      const check = yield* makeChecks
      const store = yield* makeStores

      const announce = Effect.fnUntraced(function*(row: InboxRow) {
        yield* events.publish({ type: "received", message: yield* views.received(row) })
      })
      const noteFork = Effect.fnUntraced(function*(mesh: Mesh, checked: Checked) {
        if (!("verdict" in checked) || checked.verdict !== "membership_fork") return
        yield* health.note(
          `Mesh "${mesh.name}": a member sees another membership log than this machine does`
        )
      })

      const receive = Effect.fn("Receiver.receive")(
        function*(attachment: Attachment, pushes: ReadonlyArray<Push>) {
          const mesh = yield* meshes.find(attachment.mesh)
          const checked = yield* Effect.forEach(pushes, (push) => check(attachment, push))
          const last = checked.at(-1)
          if (last === undefined) return
          const storing = Effect.forEach(checked, (entry) => store(mesh, entry))
          // A connection that ends now must not leave something here that nobody was told of.
          yield* meshes.commitRead(mesh.id, last.seq, storing).pipe(
            Effect.flatMap((arrived) => Effect.forEach(arrived.flat(), announce)),
            Effect.uninterruptible
          )
          yield* Effect.forEach(checked, (entry) => noteFork(mesh, entry), { discard: true })
        }
      )
      return Receiver.of({ receive })
    })
  )
}

/** Opens one entry, reading on in the membership log if its sender knows more of it. */
const makeChecks = Effect.gen(function*() {
  const meshes = yield* Meshes
  const prekeys = yield* Prekeys

  const contextOf = Effect.fnUntraced(function*({ device, mesh }: Attachment) {
    const { membership } = yield* meshes.find(mesh)
    const context: OpenContext | undefined = membership &&
      { membership, device, prekey: yield* prekeys.finder(mesh) }
    return context
  })
  const open = Effect.fnUntraced(function*(attachment: Attachment, envelope: Envelope) {
    const context = yield* contextOf(attachment)
    return context === undefined
      ? Result.fail("head_moved" as const)
      : openEnvelope(envelope, context)
  })
  return Effect.fnUntraced(function*(attachment: Attachment, push: Push) {
    const { seq } = push
    const envelope = Result.getOrUndefined(readEnvelope(push.envelope))
    if (envelope === undefined) return { seq, unreadable: true } satisfies Checked
    const first = yield* open(attachment, envelope)
    const isBehind = Result.isFailure(first) && first.failure === "head_moved"
    const result = isBehind
      ? yield* Effect.andThen(attachment.catchUp, open(attachment, envelope))
      : first
    if (Result.isSuccess(result)) return { seq, opened: result.success } satisfies Checked
    const { membership } = yield* meshes.find(attachment.mesh)
    const verdict = result.failure === "head_moved"
      ? unconfirmed(envelope, membership)
      : result.failure
    return { seq, envelope, verdict } satisfies Checked
  })
})

/**
 * The broker has no more of the log, so the sender's view of it cannot be confirmed. Of a device that is
 * not in it nothing is signed: such a header could be anybody's, and is no sign of a fork.
 */
function unconfirmed(
  { header: { from } }: Envelope,
  membership: Membership | undefined
): Verdict {
  return deviceOf(membership, from.device) === undefined ? "unknown_sender" : "membership_fork"
}

/** Stores one checked entry inside the transaction; answers with what is new in the inbox. */
const makeStores = Effect.gen(function*() {
  const inbox = yield* Inbox
  const delivery = yield* Delivery

  const owe = Effect.fnUntraced(function*({ header }: Envelope, reason?: ErrorCode) {
    const stage = reason === undefined ? "inboxed" as const : "rejected" as const
    const at = yield* Clock.currentTimeMillis
    const due = {
      mesh: header.mesh,
      sender: header.from.device,
      id: header.id,
      commit: header.commit,
      stage,
      at
    }
    // Nobody signs for receipts, so nobody is told of one that was refused.
    if (header.class === "dm") yield* inbox.owe(reason === undefined ? due : { ...due, reason })
  })
  const storeMessage = Effect.fnUntraced(function*(opened: Opened) {
    const text = fromUtf8(opened.content)
    const put = text === undefined ? "malformed" as const : yield* inbox.put(opened, text)
    const isStored = typeof put !== "string"
    yield* owe(opened.envelope, isStored || put === "duplicate" ? undefined : put)
    return isStored ? [put] : []
  })
  const storeReceipts = Effect.fnUntraced(function*(mesh: Mesh, { content, sender }: Opened) {
    const decoded = decodeReceipts(fromUtf8(content))
    const receipts = Result.isSuccess(decoded) ? decoded.success.receipts : []
    const parties = { mesh: mesh.id, sender: mesh.identity.deviceId, recipient: sender.id }
    for (const receipt of receipts) {
      if (verifyReceipt(receipt, parties, sender.key)) {
        yield* delivery.applyReceipt(mesh.id, sender.id, receipt)
      }
    }
  })
  return Effect.fnUntraced(function*(mesh: Mesh, entry: Checked) {
    const none: ReadonlyArray<InboxRow> = []
    if ("unreadable" in entry) {
      yield* Effect.logWarning("Skipped an entry that is no envelope", {
        mesh: mesh.name,
        seq: entry.seq
      })
      return none
    }
    if ("verdict" in entry) {
      yield* owe(entry.envelope, entry.verdict)
      return none
    }
    if (entry.opened.envelope.header.class === "dm") return yield* storeMessage(entry.opened)
    yield* storeReceipts(mesh, entry.opened)
    return none
  })
})

const decodeReceipts = Schema.decodeUnknownResult(ReceiptsContent)
