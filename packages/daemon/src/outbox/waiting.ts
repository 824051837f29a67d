/**
 * Tells what of the outbox waits, what of it may leave now, and when there will be more.
 *
 * @module
 */
import { type MeshId, MessageId } from "@claudemesh/protocol"
import { Clock, Effect, Option, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import { OutboxRow } from "./outbox_store.ts"

/** A message that waits. */
export const WaitingRow = Schema.Struct({
  ...OutboxRow.fields,
  /** Whether it may leave now: 1, else 0. */
  due: Schema.Int
})
export type WaitingRow = typeof WaitingRow.Type

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
    Result: WaitingRow,
    execute: ({ after, limit, mesh, now }) =>
      sql`SELECT *, ${now} NOT BETWEEN waits_since AND not_before - 1 AS due
        FROM outbox WHERE mesh = ${mesh} AND state = 'pending' AND position > ${after}
        ORDER BY position LIMIT CAST(${limit} AS INTEGER)`
  })
  const findNextDue = SqlSchema.findOne({
    Request: Schema.Struct({ mesh: Schema.String, since: Schema.Int }),
    Result: Schema.Struct({ due: Schema.NullOr(Schema.Int) }),
    execute: ({ mesh, since }) =>
      sql`SELECT min(not_before) AS due FROM outbox
        WHERE mesh = ${mesh} AND state = 'pending' AND not_before > ${since}`
  })
  const findFirst = SqlSchema.findOneOption({
    Request: Schema.Struct({ mesh: Schema.String, id: Schema.String, position: Schema.Int }),
    Result: Schema.Struct({ id: MessageId }),
    execute: ({ id, mesh, position }) =>
      sql`SELECT o.id FROM outbox o JOIN outbox_recipients r ON r.mesh = o.mesh AND r.id = o.id
        WHERE o.mesh = ${mesh} AND o.state = 'pending' AND o.class = 'dm' AND o.position < ${position}
          AND r.device IN (SELECT device FROM outbox_recipients WHERE mesh = ${mesh} AND id = ${id})
        ORDER BY o.position LIMIT 1`
  })
  return {
    /** The first that waits to one of the same devices, before it. */
    goingFirst: ({ id, mesh, position }: OutboxRow) =>
      Effect.orDie(
        Effect.map(findFirst({ mesh, id, position }), Option.map((first) => first.id))
      ),
    /** What waits, in the order of acceptance, after a position. */
    pending: (mesh: MeshId, page: { readonly after: number; readonly limit: number }) =>
      Effect.orDie(
        Effect.flatMap(Clock.currentTimeMillis, (now) => findPending({ mesh, now, ...page }))
      ),
    /** How long until the first may leave that could not at a time; nothing if time stands in no one's way. */
    millisUntilDue: (mesh: MeshId, since: number) =>
      Effect.gen(function*() {
        const now = yield* Clock.currentTimeMillis
        const { due } = yield* findNextDue({ mesh, since })
        return due === null ? undefined : Math.max(0, due - now)
      }).pipe(Effect.orDie)
  }
})
