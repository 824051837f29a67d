/**
 * Tells what of the outbox may leave now, and when there will be more.
 *
 * @module
 */
import type { MeshId } from "@claudemesh/protocol"
import { Clock, Effect, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import { DELAY_MILLIS_MAX } from "./next_attempt.ts"
import { OutboxRow } from "./outbox_store.ts"

/** The queries of what waits; every failure of them is a defect. */
export const makeWaiting = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const findPending = SqlSchema.findAll({
    Request: Schema.Struct({
      mesh: Schema.String,
      after: Schema.Int,
      limit: Schema.Int,
      now: Schema.Int
    }),
    Result: OutboxRow,
    // A time further away than any delay was noted by a clock that has been set back since.
    execute: ({ after, limit, mesh, now }) =>
      sql`SELECT * FROM outbox WHERE mesh = ${mesh} AND state = 'pending' AND position > ${after}
        AND not_before NOT BETWEEN ${now + 1} AND ${now + DELAY_MILLIS_MAX}
        ORDER BY position LIMIT ${limit}`
  })
  const findNextDue = SqlSchema.findOne({
    Request: Schema.Struct({ mesh: Schema.String, now: Schema.Int }),
    Result: Schema.Struct({ due: Schema.NullOr(Schema.Int) }),
    execute: ({ mesh, now }) =>
      sql`SELECT min(not_before) AS due FROM outbox
        WHERE mesh = ${mesh} AND state = 'pending' AND not_before > ${now}`
  })
  return {
    /** What waits and may leave now, in the order of acceptance, after a position. */
    pending: (mesh: MeshId, page: { readonly after: number; readonly limit: number }) =>
      Effect.orDie(
        Effect.flatMap(Clock.currentTimeMillis, (now) => findPending({ mesh, now, ...page }))
      ),
    /** How long until something of what waits may leave; nothing if only time is not in its way. */
    millisUntilDue: (mesh: MeshId) =>
      Effect.gen(function*() {
        const now = yield* Clock.currentTimeMillis
        const { due } = yield* findNextDue({ mesh, now })
        return due === null ? undefined : Math.min(due - now, DELAY_MILLIS_MAX)
      }).pipe(Effect.orDie)
  }
})
