/**
 * Reads the inbox: pages of it, how much of it is unread, and what was read since.
 *
 * @module
 */
import { DeviceId, MeshId, MessageId } from "@claudemesh/protocol"
import { Clock, Effect, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import { readableBy } from "../surfacing/withheld.ts"
import { type InboxKey, InboxRow } from "./inbox_row.ts"

/** On whose behalf the inbox is read. */
export interface Reader {
  /** An agent: what is kept from agents is not there. */
  readonly forAgent?: boolean
}

/** Whose messages are meant: of a mesh, of some senders, or all. */
export interface InboxFilter extends Reader {
  readonly mesh: MeshId | undefined
  readonly senders?: ReadonlyArray<DeviceId> | undefined
}

/** Which messages are wanted; of those the newest so many. */
export interface InboxQuery extends InboxFilter {
  readonly unread: boolean
  /** Only what was received since then. */
  readonly since?: number
  /** Only what came before the message at that position. */
  readonly before?: number | undefined
  readonly limit: number
}

const Senders = Schema.NullOr(Schema.fromJsonString(Schema.Array(DeviceId)))
const Filter = Schema.Struct({
  mesh: Schema.NullOr(MeshId),
  senders: Senders,
  forAgent: Schema.Int
})
const Query = Schema.Struct({
  ...Filter.fields,
  unread: Schema.Int,
  since: Schema.Int,
  before: Schema.Int,
  limit: Schema.Int
})
const Keys = Schema.fromJsonString(
  Schema.Array(Schema.Struct({ mesh: MeshId, sender: DeviceId, id: MessageId }))
)

/** The reading half of `Inbox`; every failure of it is a defect. */
export const makeInboxPages = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const findNewest = SqlSchema.findAll({
    Request: Query,
    Result: InboxRow,
    execute: ({ before, limit, since, unread, ...filter }) =>
      sql`SELECT * FROM inbox
        WHERE position < ${before} AND (${unread} = 0 OR read_at IS NULL)
          AND received_at >= ${since} AND ${ofFilter(sql, filter)}
        ORDER BY position DESC LIMIT CAST(${limit} AS INTEGER)`
  })
  const markRead = SqlSchema.findAll({
    Request: Schema.Struct({ keys: Keys, forAgent: Schema.Int, at: Schema.Int }),
    Result: Schema.Struct({ position: Schema.Int }),
    execute: ({ at, forAgent, keys }) =>
      sql`UPDATE inbox SET read_at = ${at} WHERE read_at IS NULL AND position IN (
        SELECT inbox.position FROM json_each(${keys}) AS named CROSS JOIN inbox
        WHERE inbox.mesh = named.value->>'mesh' AND inbox.sender = named.value->>'sender'
          AND inbox.id = named.value->>'id'
      ) AND ${readableBy(sql, forAgent)} RETURNING position`
  })
  const markAllRead = SqlSchema.findAll({
    Request: Schema.Struct({ ...Filter.fields, at: Schema.Int }),
    Result: Schema.Struct({ position: Schema.Int }),
    execute: ({ at, ...filter }) =>
      sql`UPDATE inbox SET read_at = ${at} WHERE read_at IS NULL AND ${ofFilter(sql, filter)}
        RETURNING position`
  })

  const list = Effect.fn("Inbox.list")(
    function*({ before, since = 0, unread, ...query }: InboxQuery) {
      const rows = yield* findNewest({
        ...query,
        ...nullable(query),
        since,
        unread: asInt(unread),
        before: before ?? Number.MAX_SAFE_INTEGER
      })
      return rows.toReversed()
    },
    Effect.orDie
  )
  const read = Effect.fn("Inbox.read")(
    function*(keys: ReadonlyArray<InboxKey>, { forAgent = false }: Reader = {}) {
      const named = keys.map(({ id, mesh, sender }) => ({ id, mesh, sender }))
      const at = yield* Clock.currentTimeMillis
      return (yield* markRead({ keys: named, forAgent: asInt(forAgent), at })).length
    },
    Effect.orDie
  )
  const readAll = Effect.fn("Inbox.readAll")(function*(filter: InboxFilter) {
    const at = yield* Clock.currentTimeMillis
    return (yield* markAllRead({ ...nullable(filter), at })).length
  }, Effect.orDie)
  return { list, read, readAll, ...(yield* makeCounts) }
})

/** Counts what matches. */
const makeCounts = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const countUnread = SqlSchema.findOne({
    Request: Filter,
    Result: Schema.Struct({ unread: Schema.Int }),
    execute: (filter) =>
      sql`SELECT count(*) AS unread FROM inbox WHERE read_at IS NULL AND ${ofFilter(sql, filter)}`
  })
  const countHeld = SqlSchema.findOne({
    Request: Filter,
    Result: Schema.Struct({ held: Schema.Int }),
    execute: (filter) =>
      sql`SELECT count(*) AS held FROM surfacings JOIN inbox USING (position)
        WHERE state = 'held' AND ${ofFilter(sql, filter)}`
  })
  const unread = Effect.fn("Inbox.unread")(function*(filter: InboxFilter) {
    return (yield* countUnread(nullable(filter))).unread
  }, Effect.orDie)
  const held = Effect.fn("Inbox.held")(function*(filter: InboxFilter) {
    return (yield* countHeld(nullable({ ...filter, forAgent: false }))).held
  }, Effect.orDie)
  return { unread, held }
})

function ofFilter(
  sql: SqlClient.SqlClient,
  { forAgent, mesh, senders }: typeof Filter.Encoded
) {
  return sql`(${mesh} IS NULL OR mesh = ${mesh})
    AND (${senders} IS NULL OR sender IN (SELECT value FROM json_each(${senders})))
    AND ${readableBy(sql, forAgent)}`
}

function nullable({ forAgent = false, mesh, senders }: InboxFilter) {
  return { mesh: mesh ?? null, senders: senders ?? null, forAgent: asInt(forAgent) }
}

function asInt(is: boolean): number {
  return is ? 1 : 0
}
