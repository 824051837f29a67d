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
import { bump } from "../counter.ts"
import { asState, makeDeliveryRows } from "./delivery_rows.ts"
import { makeEndings, type PruneOptions } from "./endings.ts"
import { nextAttemptMillis } from "./next_attempt.ts"
import { Outbox, type Outgoing } from "./outbox.ts"
import type { OutboxRow } from "./outbox_store.ts"
import { advances } from "./progress.ts"
import { makeStreamNumbers } from "./stream_numbers.ts"

/** Moves accepted messages on. */
export class Delivery extends Context.Service<Delivery, {
  /**
   * Numbers the messages in their recipients' streams, once, and marks them as being sent: one commit.
   * Answers with those that still waited.
   */
  readonly begin: (rows: ReadonlyArray<OutboxRow>) => Effect.Effect<ReadonlyArray<Outgoing>>
  /** The broker has committed them. */
  readonly admitted: (rows: ReadonlyArray<OutboxRow>) => Effect.Effect<void>
  /** It could not be sent now; it keeps its place in the order. */
  readonly postpone: (row: OutboxRow) => Effect.Effect<void>
  /** It will never be sent. */
  readonly reject: (row: OutboxRow, reason: ErrorCode) => Effect.Effect<void>
  /** A recipient's device says how far it is. The caller has checked the signature. Joins an open transaction. */
  readonly applyReceipt: (mesh: MeshId, device: DeviceId, receipt: Receipt) => Effect.Effect<void>
  /** What was being sent waits again. */
  readonly resume: (mesh: MeshId) => Effect.Effect<void>
  /** The highest number in any stream of what is admitted and not signed for; zero if nothing is. */
  readonly highestAdmitted: (mesh: MeshId) => Effect.Effect<number>
  /** The broker may have lost its store: all that no recipient has signed for waits again. */
  readonly reoffer: (mesh: MeshId) => Effect.Effect<void>
  /** Ends what has outlived its time; answers with how many. */
  readonly expire: Effect.Effect<number>
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
      const endings = yield* makeEndings
      const streams = yield* makeStreamNumbers
      const wake = bump(outbox.version)
      const waitAgain = Effect.fnUntraced(function*(mesh: MeshId, states: ReadonlyArray<string>) {
        yield* rows.wait(mesh, states)
        yield* wake
      }, Effect.orDie)
      function atomically<A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A> {
        return Effect.orDie(sql.withTransaction(effect))
      }

      const applyReceipt = Effect.fn("Delivery.applyReceipt")(
        function*(mesh: MeshId, device: DeviceId, receipt: Receipt) {
          const known = Option.getOrUndefined(yield* outbox.find({ mesh, id: receipt.id }))
          const recipient = known?.recipients.find((recipient) => recipient.device === device)
          if (
            known === undefined || known.commitment !== receipt.commit || recipient === undefined
          ) return
          if (!advances(asState(recipient.state), receipt.stage)) return
          const delay = nextAttemptMillis(receipt.reason, known.attempt)
          if (receipt.stage === "rejected" && delay !== undefined) {
            return yield* Effect.andThen(rows.sealAgain(known, delay), wake)
          }
          const at = yield* Clock.currentTimeMillis
          yield* rows.note(known, device, {
            state: receipt.stage,
            at,
            reason: receipt.reason === undefined ? null : knownCode(receipt.reason)
          })
        },
        Effect.orDie
      )
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
        postpone: (message) => Effect.asVoid(Effect.orDie(rows.postpone(message))),
        reject: (message, reason) => atomically(rows.end(message, "dead", reason)),
        applyReceipt,
        resume: (mesh) => waitAgain(mesh, ["sending"]),
        highestAdmitted,
        reoffer: (mesh) => waitAgain(mesh, ["sending", "admitted"]),
        expire: atomically(endings.expire),
        prune: (mesh, options) => atomically(endings.prune(mesh, options)),
        forget: (mesh) => atomically(endings.forget(mesh))
      })
    })
  )
}
