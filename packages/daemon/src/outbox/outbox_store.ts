/**
 * The tables behind `Outbox`: what was accepted, for whom, and how far it got.
 *
 * @module
 */
import { DeviceId, EnvelopeClass, MeshId, MessageId, Meta, SessionId } from "@claudemesh/protocol"
import { OutboxState } from "@claudemesh/protocol/local_api"
import { Effect, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"

/** An accepted message. */
export const OutboxRow = Schema.Struct({
  position: Schema.Int,
  mesh: MeshId,
  id: MessageId,
  class: EnvelopeClass,
  addressed: Schema.String,
  meta: Schema.fromJsonString(Meta),
  content: Schema.Uint8Array,
  salt: Schema.Uint8Array,
  commitment: Schema.String,
  acceptedAt: Schema.Int,
  ttl: Schema.Int,
  attempt: Schema.Int,
  state: OutboxState,
  reason: Schema.NullOr(Schema.String),
  /** Before then it is not sent again. */
  notBefore: Schema.Int,
  /** Refusals in a row, and the last of them. */
  tries: Schema.Int,
  lastError: Schema.NullOr(Schema.String),
  /** Verdicts of recipients after which it was sealed again. */
  verdicts: Schema.Int,
  /** How often it was handed to a broker that has not said that it did not take it. */
  unanswered: Schema.Int,
  supersededBy: Schema.NullOr(MessageId),
  supersedes: Schema.NullOr(MessageId)
})
export type OutboxRow = typeof OutboxRow.Type

/** One device a message is for. */
export const RecipientRow = Schema.Struct({
  id: MessageId,
  device: DeviceId,
  session: Schema.NullOr(SessionId),
  sseq: Schema.NullOr(Schema.Int),
  state: Schema.String,
  reason: Schema.NullOr(Schema.String)
})
export type RecipientRow = typeof RecipientRow.Type

/** When one recipient reached one state. */
export const StepRow = Schema.Struct({ device: DeviceId, state: Schema.String, at: Schema.Int })

const InMesh = Schema.Struct({ mesh: Schema.String, id: Schema.String })

/** The queries of `Outbox` that read; every failure of them is a defect. */
export const makeOutboxStore = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const findMessage = SqlSchema.findOneOption({
    Request: InMesh,
    Result: OutboxRow,
    execute: ({ id, mesh }) => sql`SELECT * FROM outbox WHERE mesh = ${mesh} AND id = ${id}`
  })
  const findRecipients = SqlSchema.findAll({
    Request: InMesh,
    Result: RecipientRow,
    execute: ({ id, mesh }) =>
      sql`SELECT id, device, session, sseq, state, reason FROM outbox_recipients WHERE mesh = ${mesh} AND id = ${id}`
  })
  const findSteps = SqlSchema.findAll({
    Request: InMesh,
    Result: StepRow,
    execute: ({ id, mesh }) =>
      sql`SELECT device, state, at FROM outbox_steps WHERE mesh = ${mesh} AND id = ${id} ORDER BY at`
  })
  const findByPrefix = SqlSchema.findAll({
    Request: Schema.String,
    Result: Schema.Struct({ mesh: MeshId, id: MessageId }),
    execute: (prefix) =>
      sql`SELECT mesh, id FROM outbox WHERE class = 'dm' AND id >= ${prefix} AND id < ${
        prefix + "~"
      } LIMIT 5`
  })
  const countOpen = SqlSchema.findOne({
    Request: Schema.String,
    Result: Schema.Struct({ open: Schema.Int }),
    execute: (mesh) =>
      sql`SELECT count(*) AS open FROM outbox
        WHERE mesh = ${mesh} AND class = 'dm' AND state IN ('pending', 'sending', 'admitted')`
  })
  return {
    message: (mesh: MeshId, id: MessageId) => Effect.orDie(findMessage({ mesh, id })),
    recipients: (mesh: MeshId, id: MessageId) => Effect.orDie(findRecipients({ mesh, id })),
    steps: (mesh: MeshId, id: MessageId) => Effect.orDie(findSteps({ mesh, id })),
    /** Direct messages whose id begins so; five at the most. */
    byPrefix: (prefix: string) => Effect.orDie(findByPrefix(prefix)),
    open: (mesh: MeshId) => Effect.orDie(Effect.map(countOpen(mesh), ({ open }) => open))
  }
})
