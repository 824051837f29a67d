/**
 * The rows of attaching: a device answers the challenge, and leaves again.
 *
 * @module
 */
import {
  type Attach,
  type Detach,
  type DeviceId,
  type LogHead,
  type MeshId,
  refused
} from "@claudemesh/protocol"
import { Clock, Effect, HashMap } from "effect"
import { BrokerLimits } from "../broker_limits.ts"
import { Cursors } from "../logs/cursors.ts"
import { LogReader } from "../logs/log_reader.ts"
import { pushText } from "../logs/push_text.ts"
import { MembershipLog } from "../membership/membership_log.ts"
import { Roster } from "../presence/roster.ts"
import { type AttachedMailbox, LogStore } from "../store/log_store.ts"
import { StoreClock } from "../store/store_clock.ts"
import { StoreIdentity } from "../store/store_identity.ts"
import { toRefused } from "../store/store_refusal.ts"
import { checkDevice, checkRoom, revoked } from "./attach_checks.ts"
import { type Attachment, Attachments } from "./attachments.ts"
import { makeBriefing } from "./briefing.ts"
import type { Connection } from "./connection.ts"
import { makeReadingStart } from "./reading_start.ts"

type DetachFrame = typeof Detach.Type

/** Needs everything that a device is told. */
export const makeAttachHandlers = Effect.gen(function*() {
  const clock = yield* Clock.Clock
  const log = yield* MembershipLog
  const store = yield* LogStore
  const { now } = yield* StoreClock
  const identity = yield* StoreIdentity
  const attachments = yield* Attachments
  const roster = yield* Roster
  const cursors = yield* Cursors
  const readingStart = yield* makeReadingStart
  const brief = yield* makeBriefing
  const { attachmentsMax, windowEntriesMax } = yield* BrokerLimits

  function welcome(
    { mailbox: { mesh }, epoch, send }: Attachment,
    head: LogHead,
    sseqFloor: number
  ) {
    send({
      type: "attached",
      mesh,
      epoch,
      store_epoch: identity.epoch,
      head: [head.seq, head.hash],
      sseq_floor: sseqFloor,
      now: clock.currentTimeMillisUnsafe()
    })
  }

  /** A device that is not known may have joined at another broker on the same store. */
  const membershipWith = Effect.fnUntraced(function*(device: DeviceId, mesh: MeshId) {
    const membership = yield* log.find(mesh)
    return HashMap.has(membership.devices, device) ? membership : yield* log.refresh(mesh)
  })

  const attach = Effect.fnUntraced(function*(connection: Connection, frame: Attach) {
    const { device, have, mesh } = frame
    yield* Effect.fromResult(checkRoom(connection, frame, attachmentsMax))
    yield* Effect.fromResult(checkDevice(connection, frame, yield* membershipWith(device, mesh)))
    const counted = yield* Effect.mapError(store.attach({ mesh, device }), toRefused)
    if (counted === undefined) return yield* revoked(frame)
    const after = yield* readingStart(frame, counted)
    const { head } = yield* log.find(mesh)
    if (!connection.isOpen()) return

    const made = attachmentOn(connection, frame, {
      ...counted,
      after,
      now,
      windowEntriesMax
    })
    made.attachment.toldUpto = Math.min(have.statements, head.seq)
    connection.attach(made.attachment)
    welcome(made.attachment, head, counted.sseqFloor)
    if (!attachments.add(made.attachment)) return made.attachment.end("replaced")
    roster.attached(made.attachment.mailbox)
    if (after > counted.acked) cursors.moved(made.attachment, after)
    yield* brief({ ...made, connection })
  })

  return (connection: Connection) => ({
    attach: (frame: Attach) => attach(connection, frame),
    detach: (frame: DetachFrame) => detach(connection, frame)
  })
})

/** An attachment whose reader waits until it is started. */
function attachmentOn(
  connection: Connection,
  { device, have, mesh }: Attach,
  { after, end, epoch, now, windowEntriesMax }: AttachedMailbox & {
    readonly after: number
    readonly now: () => number
    readonly windowEntriesMax: number
  }
) {
  let isStarted = false
  const reader = new LogReader({
    after,
    end,
    push: (entry) => connection.sendText(pushText({ log: device, epoch }, entry)),
    isReady: () => isStarted && connection.isReady(),
    now,
    windowEntriesMax
  })
  const attachment: Attachment = {
    mailbox: { mesh, device },
    epoch,
    reader,
    toldUpto: have.statements,
    isLive: () => connection.attachments.get(mesh) === attachment,
    send: connection.send,
    end: (code) => connection.end(attachment, code)
  }
  return {
    attachment,
    start: () => {
      isStarted = true
    }
  }
}

function detach(connection: Connection, { mesh }: DetachFrame) {
  const attachment = connection.attachments.get(mesh)
  if (attachment === undefined) {
    return refused("not_attached", `Cannot detach from mesh "${mesh}": it is not attached here`)
  }
  return Effect.sync(() => attachment.end("left"))
}
