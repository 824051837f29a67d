/**
 * The writes behind `Delivery`, one step of one message each; the caller brings the transaction.
 *
 * @module
 */
import type { DeviceId, ErrorCode, MeshId } from "@claudemesh/protocol"
import { MessageState } from "@claudemesh/protocol/local_api"
import { Clock, Effect, PubSub, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { type MessageKey, Outbox } from "./outbox.ts"
import type { OutboxRow } from "./outbox_store.ts"
import { advances, isSettled } from "./progress.ts"

/** A state that was reached, when, and why if it is an end. */
export interface Progress {
  readonly state: MessageState
  readonly at: number
  readonly reason?: ErrorCode
}

/** The steps a message can take. */
export const makeDeliveryRows = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const outbox = yield* Outbox

  /** Notes a state of one recipient, and the message as settled once all its recipients are. */
  const note = Effect.fnUntraced(
    function*(
      { id, mesh }: OutboxRow,
      device: DeviceId,
      { at, reason = null, state }: NullableProgress
    ) {
      yield* sql`UPDATE outbox_recipients SET state = ${state}, reason = ${reason}
        WHERE mesh = ${mesh} AND id = ${id} AND device = ${device}`
      yield* sql`INSERT INTO outbox_steps ${
        sql.insert({ mesh, id, device, state, at })
      } ON CONFLICT DO NOTHING`
      const recipients = yield* outbox.recipients(mesh, id)
      if (recipients.every(({ state }) => isSettled(asState(state)))) {
        yield* sql`UPDATE outbox SET state = 'settled' WHERE mesh = ${mesh} AND id = ${id}`
      }
      yield* PubSub.publish(outbox.progress, { mesh, id })
    }
  )
  const noteAll = Effect.fnUntraced(function*(row: OutboxRow, progress: NullableProgress) {
    for (const { device, state } of yield* outbox.recipients(row.mesh, row.id)) {
      if (advances(asState(state), progress.state)) yield* note(row, device, progress)
    }
  })
  const remove = Effect.fnUntraced(function*({ id, mesh }: MessageKey) {
    for (const table of ["outbox", "outbox_recipients", "outbox_steps"]) {
      yield* sql`DELETE FROM ${sql(table)} WHERE mesh = ${mesh} AND id = ${id}`
    }
  })

  const admit = Effect.fnUntraced(function*(row: OutboxRow) {
    // Nobody signs for a receipt: the broker having it is all there is to wait for.
    if (row.class === "receipt") return yield* remove(row)
    yield* sql`UPDATE outbox SET state = 'admitted'
      WHERE mesh = ${row.mesh} AND id = ${row.id} AND state = 'sending'`
    yield* noteAll(row, { state: "admitted", at: yield* Clock.currentTimeMillis })
  })
  const end = Effect.fnUntraced(
    function*(row: OutboxRow, state: "dead" | "expired", reason: ErrorCode) {
      if (row.class === "receipt") return yield* remove(row)
      const at = yield* Clock.currentTimeMillis
      yield* noteAll(row, { state: state === "dead" ? "rejected" : "expired", reason, at })
      yield* sql`UPDATE outbox SET state = ${state}, reason = ${reason} WHERE mesh = ${row.mesh} AND id = ${row.id}`
    }
  )
  /**
   * The recipient did not accept it, which need not be the end: it is sealed once more, under the same
   * id. Its verdict may come before the broker's answer, or when the message waits again after a
   * reconnect; but while it waits for its next attempt, only the same verdict can come again.
   */
  const sealAgain = Effect.fnUntraced(function*({ id, mesh }: OutboxRow, delayMillis: number) {
    const now = yield* Clock.currentTimeMillis
    yield* sql`UPDATE outbox
      SET state = 'pending', attempt = attempt + 1, not_before = ${now + delayMillis}
      WHERE mesh = ${mesh} AND id = ${id} AND (
        state IN ('sending', 'admitted') OR (state = 'pending' AND not_before <= ${now}))`
  })
  function postpone({ id, mesh }: OutboxRow) {
    return sql`UPDATE outbox SET state = 'pending'
      WHERE mesh = ${mesh} AND id = ${id} AND state = 'sending'`
  }
  function wait(mesh: MeshId, states: ReadonlyArray<string>) {
    return sql`UPDATE outbox SET state = 'pending' WHERE mesh = ${mesh} AND ${
      sql.in("state", states)
    }`
  }

  return { note, admit, end, remove, sealAgain, postpone, wait }
})

type NullableProgress = Omit<Progress, "reason"> & { readonly reason?: ErrorCode | null }

const isState = Schema.is(MessageState)

/** The state in a column that only this file writes. */
export function asState(text: string): MessageState {
  return isState(text) ? text : "queued"
}
