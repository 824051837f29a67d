/**
 * What becomes of accepted messages: being sent, admitted, signed for, or ended.
 *
 * Numbers in streams are taken when a message is first sealed, in the order of
 * acceptance. What was being sent when the process or the connection ended is
 * sent again; the broker knows it by its id.
 *
 * @module
 */
import {
  type DeviceId,
  type ErrorCode,
  knownCode,
  type MeshId,
  type Receipt
} from "@claudemesh/protocol"
import { Array, Clock, Context, Effect, Layer, Option } from "effect"
import { SqlClient } from "effect/sql"
import { failingWhenFull } from "../disk_full.ts"
import { makeAttempts, type Postponement } from "./attempts.ts"
import { asState, type End, makeDeliveryRows } from "./delivery_rows.ts"
import { makeEndings, type PruneOptions } from "./endings.ts"
import { makeGoingBack } from "./going_back.ts"
import { nextAttemptMillis } from "./next_attempt.ts"
import { type MessageKey, Outbox, type Outgoing } from "./outbox.ts"
import type { OutboxRow, RecipientRow } from "./outbox_store.ts"
import { advances, isLate } from "./progress.ts"
import { makeStreamNumbers, type Numbered } from "./stream_numbers.ts"

/** Moves accepted messages on. */
export class Delivery extends Context.Service<Delivery, {
  /**
   * Numbers the messages in their recipients' streams, once, and marks them as being sent: one commit.
   * Answers with those that still waited.
   */
  readonly begin: (rows: ReadonlyArray<OutboxRow>) => Effect.Effect<ReadonlyArray<Numbered>>
  /** The broker has committed them. */
  readonly admitted: (rows: ReadonlyArray<OutboxRow>) => Effect.Effect<void>
  /** The broker has committed them, but not one before them: they are sealed again, and come after it. */
  readonly overtook: (rows: ReadonlyArray<OutboxRow>) => Effect.Effect<void>
  /** It could not be sent now; it keeps its place in the order. */
  readonly postpone: (row: OutboxRow, postponement: Postponement) => Effect.Effect<void>
  /** These devices have connected: whatever waits for their first prekey need not wait for much longer. */
  readonly expectPrekeys: (mesh: MeshId, devices: ReadonlyArray<DeviceId>) => Effect.Effect<void>
  /** It was not taken as one before it was not, and waits for that one. */
  readonly release: (row: OutboxRow) => Effect.Effect<void>
  /** It will never be sent. */
  readonly reject: (row: OutboxRow, reason: ErrorCode) => Effect.Effect<void>
  /** A recipient's device says how far it is. The caller has checked the signature. Joins an open transaction. */
  readonly applyReceipt: (mesh: MeshId, device: DeviceId, receipt: Receipt) => Effect.Effect<void>
  /** A message of that device has come that answers one of ours. Joins an open transaction. */
  readonly answered: (message: MessageKey, device: DeviceId) => Effect.Effect<void>
  /** What a recipient's device has told us cannot be opened. Joins an open transaction. */
  readonly askAgain: (mesh: MeshId, device: DeviceId) => Effect.Effect<void>
  /** What was being sent waits again. */
  readonly resume: (mesh: MeshId) => Effect.Effect<void>
  /** The highest number in any stream of what is admitted and not signed for; zero if nothing is. */
  readonly highestAdmitted: (mesh: MeshId) => Effect.Effect<number>
  /** The broker may have lost its store: all that no recipient has signed for waits again. */
  readonly reoffer: (mesh: MeshId) => Effect.Effect<void>
  /** Ends what has outlived its time; answers with how many. */
  readonly expire: Effect.Effect<number>
  /** Ends a message as that, for all who have not signed for it. Joins an open transaction. */
  readonly end: (row: OutboxRow, end: End) => Effect.Effect<void>
  /** Removes what has ended and was accepted before that time, the oldest first; answers with how many. */
  readonly prune: (mesh: MeshId, options: PruneOptions) => Effect.Effect<number>
  readonly forget: (mesh: MeshId) => Effect.Effect<void>
}>()("@claudemesh/daemon/outbox/delivery") {
  static readonly layer = Layer.effect(
    Delivery,
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const outbox = yield* Outbox
      const rows = yield* makeDeliveryRows
      const attempts = yield* makeAttempts
      const { askAgain } = yield* makeGoingBack
      const endings = yield* makeEndings
      const streams = yield* makeStreamNumbers
      const { answered, applyReceipt } = yield* makeProgress
      const wake = outbox.lookAgain
      // Nothing is under way when a daemon starts: its last run may have ended in the middle of it.
      // Where the disk is full, each attachment does so once there is space.
      yield* Effect.ignore(failingWhenFull(Effect.orDie(attempts.waitEverywhere)))

      const waitAgain = Effect.fnUntraced(function*(mesh: MeshId, states: ReadonlyArray<string>) {
        yield* attempts.wait(mesh, states)
        yield* wake
      }, Effect.orDie)
      function atomically<A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A> {
        return Effect.orDie(sql.withTransaction(effect))
      }
      const highestAdmitted = Effect.fnUntraced(function*(mesh: MeshId) {
        const [highest] = yield* sql<{ readonly sseq: number | null }>`
          SELECT max(sseq) AS sseq FROM outbox JOIN outbox_recipients USING (mesh, id)
          WHERE mesh = ${mesh} AND outbox.state = 'admitted'`
        return highest?.sseq ?? 0
      }, Effect.orDie)
      return Delivery.of({
        begin: (messages) =>
          atomically(Effect.map(Effect.forEach(messages, streams.number), Array.getSomes)),
        admitted: (messages) => atomically(Effect.forEach(messages, rows.admit, { discard: true })),
        overtook: (messages) =>
          atomically(
            Effect.andThen(Effect.forEach(messages, attempts.overtook, { discard: true }), wake)
          ),
        postpone: (message, postponement) => Effect.orDie(attempts.postpone(message, postponement)),
        expectPrekeys: (mesh, devices) =>
          Effect.orDie(
            Effect.flatMap(
              attempts.expectPrekeys(mesh, devices),
              (count) => (count > 0 ? wake : Effect.void)
            )
          ),
        release: (message) => Effect.asVoid(Effect.orDie(attempts.release(message))),
        reject: (message, reason) => atomically(rows.end(message, { state: "dead", reason })),
        applyReceipt,
        answered,
        askAgain: (mesh, device) => Effect.orDie(Effect.andThen(askAgain(mesh, device), wake)),
        resume: (mesh) => waitAgain(mesh, ["sending"]),
        highestAdmitted,
        reoffer: (mesh) => waitAgain(mesh, ["sending", "admitted"]),
        // Whatever waited behind what has ended waits no more.
        expire: Effect.tap(atomically(endings.expire), (count) => (count > 0 ? wake : Effect.void)),
        end: (message, end) => atomically(rows.end(message, end)),
        prune: (mesh, options) => atomically(endings.prune(mesh, options)),
        forget: (mesh) => atomically(endings.forget(mesh))
      })
    })
  )
}

/** Takes what is known of one recipient: a stage it has signed, or its answer. */
const makeProgress = Effect.gen(function*() {
  const outbox = yield* Outbox
  const rows = yield* makeDeliveryRows
  const attempts = yield* makeAttempts
  const { goBack } = yield* makeGoingBack
  const wake = outbox.lookAgain

  /** Whether the message is on its way again: the verdict was no end. */
  const tryAgain = Effect.fnUntraced(
    function*(message: Outgoing, { device, sseq }: RecipientRow, reason: string | undefined) {
      if (reason === "out_of_order") {
        yield* goBack(message.mesh, device, sseq ?? 0)
        return true
      }
      const delayMillis = nextAttemptMillis(reason, message.verdicts)
      if (reason === undefined || delayMillis === undefined) return false
      yield* attempts.sealAgain(message, { code: knownCode(reason), delayMillis })
      return true
    }
  )
  const answered = Effect.fn("Delivery.answered")(
    function*(message: MessageKey, device: DeviceId) {
      const known = Option.getOrUndefined(yield* outbox.find(message))
      const recipient = known?.recipients.find((recipient) => recipient.device === device)
      // Only what people and agents say is answered, whatever a peer claims to answer.
      if (known?.class !== "dm" || recipient === undefined) return
      if (!advances(asState(recipient.state), "answered")) return
      yield* rows.note(known, device, { state: "answered", at: yield* Clock.currentTimeMillis })
      if (known.state === "pending") yield* wake
    },
    Effect.orDie
  )
  const applyReceipt = Effect.fn("Delivery.applyReceipt")(
    function*(mesh: MeshId, device: DeviceId, { commit, id, reason, stage }: Receipt) {
      const known = Option.getOrUndefined(yield* outbox.find({ mesh, id }))
      const recipient = known?.recipients.find((recipient) => recipient.device === device)
      if (known === undefined || known.commitment !== commit || recipient === undefined) return
      const at = yield* Clock.currentTimeMillis
      if (isLate(asState(recipient.state), stage)) {
        return yield* rows.keepLate(known, device, { state: stage, at })
      }
      if (!advances(asState(recipient.state), stage)) return
      if (stage === "rejected" && (yield* tryAgain(known, recipient, reason))) return yield* wake
      yield* rows.note(known, device, { state: stage, at, reason: detailOf(stage, reason) })
      // It waited to be sent once more, and others behind it.
      if (known.state === "pending") yield* wake
    },
    Effect.orDie
  )
  return { answered, applyReceipt }
})

/** What is kept beside a stage: why it was rejected, in words that we know; else as its device says. */
function detailOf(stage: Receipt["stage"], reason: string | undefined): string | null {
  if (reason === undefined) return null
  return stage === "rejected" ? knownCode(reason) : reason
}
