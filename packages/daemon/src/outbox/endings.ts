/**
 * Ends what has outlived its time, and removes what is over: the deletes behind `Delivery`.
 *
 * @module
 */
import type { MeshId, MessageId } from "@claudemesh/protocol"
import { Clock, Effect, Option } from "effect"
import { SqlClient } from "effect/sql"
import { makeDeliveryRows } from "./delivery_rows.ts"
import { Outbox } from "./outbox.ts"

/** Which of a mesh's messages may go: how long ago they were accepted or read, and how many at once. */
export interface PruneOptions {
  readonly before: number
  readonly limit: number
}

/** Ends and removes messages; the caller brings the transaction. */
export const makeEndings = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const outbox = yield* Outbox
  const rows = yield* makeDeliveryRows

  const expire = Effect.gen(function*() {
    const now = yield* Clock.currentTimeMillis
    // A receipt is owed for as long as it has not left, however long that takes or the clock says it took.
    const old = yield* sql<{ readonly mesh: MeshId; readonly id: MessageId }>`
      SELECT mesh, id FROM outbox
      WHERE state IN ('pending', 'sending', 'admitted') AND accepted_at + ttl < ${now}
        AND class != 'receipt'`
    for (const key of old) {
      const row = yield* outbox.find(key)
      if (Option.isSome(row)) yield* rows.end(row.value, { state: "expired", reason: "expired" })
    }
    return old.length
  })
  const prune = Effect.fnUntraced(function*(mesh: MeshId, { before, limit }: PruneOptions) {
    const over = yield* sql<{ readonly mesh: MeshId; readonly id: MessageId }>`
      SELECT mesh, id FROM outbox
      WHERE mesh = ${mesh} AND state IN ('delivered', 'dead', 'expired', 'aborted') AND accepted_at < ${before}
      ORDER BY accepted_at LIMIT CAST(${limit} AS INTEGER)`
    yield* Effect.forEach(over, rows.remove, { discard: true })
    return over.length
  })
  const forget = Effect.fnUntraced(function*(mesh: MeshId) {
    for (const table of TABLES) yield* sql`DELETE FROM ${sql(table)} WHERE mesh = ${mesh}`
  })
  return { expire, prune, forget }
})

const TABLES = [
  "outbox",
  "outbox_recipients",
  "outbox_steps",
  "outgoing_streams",
  "idempotency_keys"
] as const
