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
  type Receipt,
  SessionId
} from "@claudemesh/protocol"
import { Clock, Context, Effect, Layer, Option, Schema, SubscriptionRef } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import { bump } from "../counter.ts"
import { makeStreams } from "./streams.ts"

/** A message that arrived. */
export const InboxRow = Schema.Struct({
  position: Schema.Int,
  mesh: MeshId,
  sender: DeviceId,
  id: MessageId,
  session: Schema.NullOr(SessionId),
  commitment: Schema.String,
  meta: Schema.fromJsonString(Meta),
  text: Schema.String,
  sentAt: Schema.Int,
  receivedAt: Schema.Int,
  readAt: Schema.NullOr(Schema.Int)
})
export type InboxRow = typeof InboxRow.Type

/** A stage to be told to the sender of a message. */
export interface DueReceipt extends Omit<Receipt, "sig"> {
  readonly mesh: MeshId
  readonly sender: DeviceId
}

/** Which messages are wanted: of a mesh, unread ones, the newest so many. */
export interface InboxQuery {
  readonly mesh: MeshId | undefined
  readonly unread: boolean
  readonly limit: number
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
  /** Messages whose id begins so; five at the most. */
  readonly byPrefix: (prefix: string) => Effect.Effect<ReadonlyArray<InboxRow>>
  readonly unread: (mesh: MeshId | undefined) => Effect.Effect<number>
  /** Marks them as read; answers with how many were not. */
  readonly read: (ids: ReadonlyArray<MessageId>) => Effect.Effect<number>
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
        if (!(yield* streams.take(key.mesh, key.sender, addressee.sseq))) return "replayed"
        yield* sql`INSERT INTO inbox ${
          sql.insert({
            ...key,
            session: addressee.session ?? null,
            commitment: header.commit,
            meta: yield* writeMeta(meta),
            text,
            sentAt: header.sent_at,
            receivedAt: yield* Clock.currentTimeMillis
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

      const read = Effect.fn("Inbox.read")(function*(ids: ReadonlyArray<MessageId>) {
        if (ids.length === 0) return 0
        const at = yield* Clock.currentTimeMillis
        const changed = yield* sql`UPDATE inbox SET read_at = ${at}
          WHERE read_at IS NULL AND ${sql.in("id", ids)} RETURNING position`
        return changed.length
      }, Effect.orDie)
      const prune: Inbox["Service"]["prune"] = Effect.fn("Inbox.prune")(
        function*(mesh, { before, limit }) {
          const pruned = yield* sql`DELETE FROM inbox WHERE position IN (
            SELECT position FROM inbox WHERE mesh = ${mesh} AND read_at < ${before} LIMIT ${limit}
          ) RETURNING position`
          return pruned.length
        },
        Effect.orDie
      )
      const forget = Effect.fn("Inbox.forget")(function*(mesh: MeshId) {
        for (const table of TABLES) yield* sql`DELETE FROM ${sql(table)} WHERE mesh = ${mesh}`
      }, (forgetting) => Effect.orDie(sql.withTransaction(forgetting)))

      const { byPrefix, list, unread } = queries
      return Inbox.of({ put, owe, dues, list, byPrefix, unread, read, prune, forget })
    })
  )
}

type NullableDue = Omit<DueReceipt, "reason"> & { readonly reason?: string | null | undefined }

const writeMeta = Schema.encodeEffect(Schema.fromJsonString(Meta))

const TABLES = ["inbox", "incoming_streams", "incoming_gaps", "receipts_due"] as const

function makeQueries(sql: SqlClient.SqlClient) {
  const find = SqlSchema.findOneOption({
    Request: Schema.Struct({ mesh: MeshId, sender: DeviceId, id: MessageId }),
    Result: InboxRow,
    execute: ({ id, mesh, sender }) =>
      sql`SELECT * FROM inbox WHERE mesh = ${mesh} AND sender = ${sender} AND id = ${id}`
  })
  const findNewest = SqlSchema.findAll({
    Request: Schema.Struct({ mesh: Schema.NullOr(MeshId), unread: Schema.Int, limit: Schema.Int }),
    Result: InboxRow,
    execute: ({ limit, mesh, unread }) =>
      sql`SELECT * FROM inbox
        WHERE (${mesh} IS NULL OR mesh = ${mesh}) AND (${unread} = 0 OR read_at IS NULL)
        ORDER BY position DESC LIMIT ${limit}`
  })
  const findPrefix = SqlSchema.findAll({
    Request: Schema.String,
    Result: InboxRow,
    execute: (prefix) =>
      sql`SELECT * FROM inbox WHERE id >= ${prefix} AND id < ${prefix + "~"} LIMIT 5`
  })
  const countUnread = SqlSchema.findOne({
    Request: Schema.NullOr(MeshId),
    Result: Schema.Struct({ unread: Schema.Int }),
    execute: (mesh) =>
      sql`SELECT count(*) AS unread FROM inbox WHERE read_at IS NULL AND (${mesh} IS NULL OR mesh = ${mesh})`
  })
  return {
    find: (key: Pick<InboxRow, "mesh" | "sender" | "id">) => Effect.orDie(find(key)),
    list: ({ limit, mesh, unread }: InboxQuery) =>
      Effect.orDie(Effect.map(
        findNewest({ mesh: mesh ?? null, unread: unread ? 1 : 0, limit }),
        (rows) => rows.toReversed()
      )),
    byPrefix: (prefix: string) => Effect.orDie(findPrefix(prefix)),
    unread: (mesh: MeshId | undefined) =>
      Effect.orDie(Effect.map(countUnread(mesh ?? null), ({ unread }) => unread))
  }
}
