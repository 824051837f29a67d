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
  type MessageId,
  type Receipt
} from "@claudemesh/protocol"
import { Array, Clock, Context, Effect, Layer, Option } from "effect"
import { SqlClient } from "effect/sql"
import { bump } from "../counter.ts"
import { asState, makeDeliveryRows } from "./delivery_rows.ts"
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
  /** The broker may have lost its store: all that no recipient has signed for waits again. */
  readonly reoffer: (mesh: MeshId) => Effect.Effect<void>
  /** Ends what has outlived its time; answers with how many. */
  readonly expire: Effect.Effect<number>
  readonly forget: (mesh: MeshId) => Effect.Effect<void>
}>()("@claudemesh/daemon/outbox/delivery") {
  static readonly layer = Layer.effect(
    Delivery,
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const outbox = yield* Outbox
      const rows = yield* makeDeliveryRows
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
          if (receipt.reason === "reseal") return yield* Effect.andThen(rows.sealAgain(known), wake)
          if (!advances(asState(recipient.state), receipt.stage)) return
          const at = yield* Clock.currentTimeMillis
          yield* rows.note(known, device, {
            state: receipt.stage,
            at,
            reason: receipt.reason === undefined ? null : knownCode(receipt.reason)
          })
        },
        Effect.orDie
      )
      const expire = Effect.gen(function*() {
        const now = yield* Clock.currentTimeMillis
        const old = yield* sql<{ readonly mesh: MeshId; readonly id: MessageId }>`
          SELECT mesh, id FROM outbox
          WHERE state IN ('pending', 'sending', 'admitted') AND accepted_at + ttl < ${now}`
        for (const key of old) {
          const row = yield* outbox.find(key)
          if (Option.isSome(row)) yield* rows.end(row.value, "expired", "expired")
        }
        return old.length
      })
      const forget = Effect.fnUntraced(function*(mesh: MeshId) {
        for (const table of TABLES) yield* sql`DELETE FROM ${sql(table)} WHERE mesh = ${mesh}`
      })

      return Delivery.of({
        begin: (messages) =>
          atomically(Effect.map(Effect.forEach(messages, streams.number), Array.getSomes)),
        admitted: (messages) => atomically(Effect.forEach(messages, rows.admit, { discard: true })),
        postpone: (message) => Effect.asVoid(Effect.orDie(rows.postpone(message))),
        reject: (message, reason) => atomically(rows.end(message, "dead", reason)),
        applyReceipt,
        resume: (mesh) => waitAgain(mesh, ["sending"]),
        reoffer: (mesh) => waitAgain(mesh, ["sending", "admitted"]),
        expire: atomically(expire),
        forget: (mesh) => atomically(forget(mesh))
      })
    })
  )
}

const TABLES = ["outbox", "outbox_recipients", "outbox_steps", "outgoing_streams"] as const
