/**
 * Keeps what has arrived, each message once, in the order it came.
 *
 * A message, its place in its stream and the receipt for it are one commit: the
 * sender is never told of what a crash could undo.
 *
 * @module
 */
import {
  DeviceId,
  type ErrorCode,
  MeshId,
  MessageId,
  Meta,
  type Opened,
  type Receipt
} from "@claudemesh/protocol"
import { Clock, Context, Effect, Layer, Option, Schema, SubscriptionRef } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import { bump } from "../counter.ts"
import { type InboxFilter, type InboxQuery, makeInboxPages, type Reader } from "./inbox_pages.ts"
import { type InboxKey, InboxRow } from "./inbox_row.ts"
import { makeStreams } from "./streams.ts"

export { InboxRow } from "./inbox_row.ts"

/** A stage to be told to the sender of a message. */
export interface DueReceipt extends Omit<Receipt, "sig"> {
  readonly mesh: MeshId
  readonly sender: DeviceId
}

/** Keeps what has arrived. */
export class Inbox extends Context.Service<Inbox, {
  /** Stores a message once; answers with it if it is new, or with the verdict. Joins an open transaction. */
  readonly put: (opened: Opened, text: string) => Effect.Effect<InboxRow | "duplicate" | ErrorCode>
  /** Notes what a sender is to be told. Joins an open transaction. */
  readonly owe: (due: DueReceipt) => Effect.Effect<void>
  /** Grows whenever something is to be told. */
  readonly dues: SubscriptionRef.SubscriptionRef<number>
  /** The newest that match, oldest first. */
  readonly list: (query: InboxQuery) => Effect.Effect<ReadonlyArray<InboxRow>>
  /** Messages whose id begins so, of those senders or of all; five at the most. */
  readonly byPrefix: (
    prefix: string,
    senders?: ReadonlyArray<DeviceId>
  ) => Effect.Effect<ReadonlyArray<InboxRow>>
  readonly unread: (filter: InboxFilter) => Effect.Effect<number>
  /** How many wait for a human, whoever reads. */
  readonly held: (filter: InboxFilter) => Effect.Effect<number>
  /** Marks them as read; answers with how many were not. */
  readonly read: (keys: ReadonlyArray<InboxKey>, reader?: Reader) => Effect.Effect<number>
  /** Marks all that match as read, as they are at this moment. */
  readonly readAll: (filter: InboxFilter) => Effect.Effect<number>
  /** Removes what was read before that time; answers with how many. They are never stored again. */
  readonly prune: (
    mesh: MeshId,
    options: { readonly before: number; readonly limit: number }
  ) => Effect.Effect<number>
  readonly forget: (mesh: MeshId) => Effect.Effect<void>
}>()("@claudemesh/daemon/inbox/inbox") {
  static readonly layer = Layer.effect(
    Inbox,
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const streams = yield* makeStreams
      const queries = makeQueries(sql)
      const dues = yield* SubscriptionRef.make(0)

      const put = Effect.fn("Inbox.put")(function*(opened: Opened, text: string) {
        const { addressee, envelope: { header }, meta } = opened
        const key = { mesh: header.mesh, sender: header.from.device, id: header.id }
        const known = yield* queries.find(key)
        if (Option.isSome(known)) {
          return known.value.commitment === header.commit
            ? "duplicate"
            : "id_reused"
        }
        const taken = yield* streams.take(key.mesh, key.sender, addressee)
        if (typeof taken === "string") return taken
        yield* sql`INSERT INTO inbox ${
          sql.insert({
            ...key,
            session: addressee.session ?? null,
            commitment: header.commit,
            meta: yield* writeMeta(meta),
            text,
            sentAt: header.sent_at,
            receivedAt: yield* Clock.currentTimeMillis,
            missingBefore: taken.missing
          })
        }`
        return Option.getOrThrow(yield* queries.find(key))
      }, Effect.orDie)

      const owe = Effect.fnUntraced(function*({ commit, id, reason = null, ...due }: NullableDue) {
        yield* sql`INSERT INTO receipts_due ${
          sql.insert({ ...due, id, commitment: commit, reason })
        }
          ON CONFLICT (mesh, sender, id, stage) DO UPDATE SET reason = excluded.reason, at = excluded.at`
        yield* bump(dues)
      }, Effect.orDie)

      const prune: Inbox["Service"]["prune"] = Effect.fn("Inbox.prune")(
        function*(mesh, { before, limit }) {
          const pruned = yield* sql`DELETE FROM inbox WHERE position IN (
            SELECT position FROM inbox WHERE mesh = ${mesh} AND read_at < ${before} LIMIT CAST(${limit} AS INTEGER)
          ) RETURNING position`
          return pruned.length
        },
        Effect.orDie
      )
      const forget = Effect.fn("Inbox.forget")(function*(mesh: MeshId) {
        for (const table of TABLES) yield* sql`DELETE FROM ${sql(table)} WHERE mesh = ${mesh}`
      }, (forgetting) => Effect.orDie(sql.withTransaction(forgetting)))

      return Inbox.of({
        put,
        owe,
        dues,
        byPrefix: queries.byPrefix,
        prune,
        forget,
        ...(yield* makeInboxPages)
      })
    })
  )
}

type NullableDue = Omit<DueReceipt, "reason"> & { readonly reason?: string | null | undefined }

const writeMeta = Schema.encodeEffect(Schema.fromJsonString(Meta))

const TABLES = ["inbox", "incoming_streams", "incoming_calls", "receipts_due", "mailboxes"] as const

function makeQueries(sql: SqlClient.SqlClient) {
  const find = SqlSchema.findOneOption({
    Request: Schema.Struct({ mesh: MeshId, sender: DeviceId, id: MessageId }),
    Result: InboxRow,
    execute: ({ id, mesh, sender }) =>
      sql`SELECT * FROM inbox WHERE mesh = ${mesh} AND sender = ${sender} AND id = ${id}`
  })
  const findPrefix = SqlSchema.findAll({
    Request: Schema.Struct({
      prefix: Schema.String,
      senders: Schema.NullOr(Schema.fromJsonString(Schema.Array(DeviceId)))
    }),
    Result: InboxRow,
    execute: ({ prefix, senders }) =>
      sql`SELECT * FROM inbox WHERE id >= ${prefix} AND id < ${prefix + "~"}
        AND (${senders} IS NULL OR sender IN (SELECT value FROM json_each(${senders}))) LIMIT 5`
  })
  return {
    find: (key: Pick<InboxRow, "mesh" | "sender" | "id">) => Effect.orDie(find(key)),
    byPrefix: (prefix: string, senders: ReadonlyArray<DeviceId> | null = null) =>
      Effect.orDie(findPrefix({ prefix, senders }))
  }
}
