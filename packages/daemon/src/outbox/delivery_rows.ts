/**
 * The writes behind `Delivery`, one step of one message each; the caller brings the transaction.
 *
 * @module
 */
import type { DeviceId, ErrorCode } from "@claudemesh/protocol"
import { MessageState } from "@claudemesh/protocol/local_api"
import { Clock, Effect, PubSub, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { type MessageKey, Outbox } from "./outbox.ts"
import type { OutboxRow } from "./outbox_store.ts"
import { advances, isArrived, isSettled } from "./progress.ts"

/** A state that was reached, when, and why if it is an end. */
export interface Progress {
  readonly state: MessageState
  readonly at: number
  /** Why it ended or is held, or by what it reached the agent. */
  readonly reason?: string
}

/** How a message ends that not all have signed for. */
export type End =
  | { readonly state: "dead" | "expired"; readonly reason: ErrorCode }
  | { readonly state: "aborted"; readonly reason?: undefined }

/** What the recipients are shown to be at. */
const SHOWN = { dead: "rejected", expired: "expired", aborted: "aborted" } as const

/** The steps a message can take. */
export const makeDeliveryRows = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const outbox = yield* Outbox

  /** Ends the message once all its recipients have answered: delivered if one has it, else dead. */
  const settle = Effect.fnUntraced(function*({ id, mesh }: MessageKey) {
    const recipients = yield* outbox.recipients(mesh, id)
    if (!recipients.every(({ state }) => isSettled(asState(state)))) return
    const hasArrived = recipients.some(({ state }) => isArrived(asState(state)))
    const reason = hasArrived ? null : recipients.find(({ reason }) => reason !== null)?.reason
    // A person's word stands: what was sent in its place is not taken back because it came after all.
    yield* sql`UPDATE outbox SET state = ${hasArrived ? "delivered" : "dead"}, reason = ${
      reason ?? null
    } WHERE mesh = ${mesh} AND id = ${id} AND state != 'aborted'`
  })
  function keepStep(step: Step) {
    return sql`INSERT INTO outbox_steps ${sql.insert({ ...step })} ON CONFLICT DO NOTHING`
  }
  /** Notes a state of one recipient. */
  const note = Effect.fnUntraced(
    function*(row: OutboxRow, device: DeviceId, { at, reason = null, state }: NullableProgress) {
      const { id, mesh } = row
      yield* sql`UPDATE outbox_recipients SET state = ${state}, reason = ${reason}
        WHERE mesh = ${mesh} AND id = ${id} AND device = ${device}`
      yield* keepStep({ mesh, id, device, state, at })
      yield* settle(row)
      yield* PubSub.publish(outbox.progress, { mesh, id })
    }
  )
  /** What came too late to be news is kept with its time. */
  const keepLate = Effect.fnUntraced(
    function*({ id, mesh }: OutboxRow, device: DeviceId, { at, state }: NullableProgress) {
      yield* keepStep({ mesh, id, device, state, at })
      yield* PubSub.publish(outbox.progress, { mesh, id })
    }
  )
  const noteAll = Effect.fnUntraced(function*(row: OutboxRow, progress: NullableProgress) {
    for (const { device, state } of yield* outbox.recipients(row.mesh, row.id)) {
      if (advances(asState(state), progress.state)) yield* note(row, device, progress)
    }
  })
  const remove = Effect.fnUntraced(function*({ id, mesh }: MessageKey) {
    for (const table of ["outbox", "outbox_recipients", "outbox_steps", "idempotency_keys"]) {
      yield* sql`DELETE FROM ${sql(table)} WHERE mesh = ${mesh} AND id = ${id}`
    }
  })

  const admit = Effect.fnUntraced(function*(row: OutboxRow) {
    // Nobody signs for a receipt: the broker having it is all there is to wait for.
    if (row.class === "receipt") return yield* remove(row)
    yield* sql`UPDATE outbox SET state = 'admitted', tries = 0, last_error = NULL
      WHERE mesh = ${row.mesh} AND id = ${row.id} AND state = 'sending'`
    yield* noteAll(row, { state: "admitted", at: yield* Clock.currentTimeMillis })
  })
  const isOpen = Effect.fnUntraced(function*({ id, mesh }: MessageKey) {
    const open = yield* sql`SELECT 1 FROM outbox
      WHERE mesh = ${mesh} AND id = ${id} AND state IN ('pending', 'sending', 'admitted')`
    return open.length > 0
  })
  const end = Effect.fnUntraced(function*(row: OutboxRow, { reason, state }: End) {
    if (row.class === "receipt") return yield* remove(row)
    // What has ended meanwhile stays as it ended, unless a person retires it.
    if (state !== "aborted" && !(yield* isOpen(row))) return
    const at = yield* Clock.currentTimeMillis
    yield* noteAll(row, { state: SHOWN[state], reason: reason ?? null, at })
    // What was refused to some, and others have, is no dead message.
    const kept = state === "dead" ? "delivered" : ""
    yield* sql`UPDATE outbox SET state = ${state}, reason = ${reason ?? null}
      WHERE mesh = ${row.mesh} AND id = ${row.id} AND state != ${kept}`
  })
  return { note, keepLate, admit, end, remove }
})

/** A row of `outbox_steps`. */
type Step = MessageKey & Pick<Progress, "at" | "state"> & { readonly device: DeviceId }

type NullableProgress = Omit<Progress, "reason"> & { readonly reason?: string | null }

const isState = Schema.is(MessageState)

/** The state in a column that only this file writes. */
export function asState(text: string): MessageState {
  return isState(text) ? text : "queued"
}
