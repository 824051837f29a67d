/**
 * The table of sessions: those that live, and those that ended and may be resumed.
 *
 * @module
 */
import {
  AgentStatus,
  Capabilities,
  Carrier,
  MeshId,
  MessageMode,
  Name,
  SessionId,
  StatusSource
} from "@claudemesh/protocol"
import { type Session, SessionGroups } from "@claudemesh/protocol/local_api"
import { Effect, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import { statusAt } from "./agent_status.ts"

/** How many of those that have ended are listed. */
const ENDED_LISTED_MAX = 500

/** A session as it stands in its table. */
export const SessionRow = Schema.Struct({
  id: SessionId,
  name: Name,
  cwd: Schema.String,
  agent: Schema.NullOr(Schema.String),
  pid: Schema.Int,
  processMark: Schema.String,
  startedAt: Schema.Int,
  tokenHash: Schema.String,
  mesh: Schema.NullOr(MeshId),
  mode: MessageMode,
  unprompted: Schema.BooleanFromBit,
  carrier: Schema.NullOr(Carrier),
  status: AgentStatus,
  statusSource: StatusSource,
  statusAt: Schema.Int,
  /** When something was last heard of it. */
  activeAt: Schema.Int,
  /** When a human last spoke to it. */
  humanAt: Schema.Int,
  role: Schema.NullOr(Name),
  groups: Schema.fromJsonString(SessionGroups),
  /** Null where it may do all that agents may. */
  caps: Schema.NullOr(Schema.fromJsonString(Capabilities)),
  endedAt: Schema.NullOr(Schema.Int)
})
export type SessionRow = typeof SessionRow.Type

/** Reads and writes it. A failing disk is nothing that a caller can act on. */
export const makeSessionRows = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const find = SqlSchema.findOneOption({
    Request: SessionId,
    Result: SessionRow,
    execute: (id) => sql`SELECT * FROM sessions WHERE id = ${id}`
  })
  const findByToken = SqlSchema.findOneOption({
    Request: Schema.String,
    Result: SessionRow,
    execute: (tokenHash) =>
      sql`SELECT * FROM sessions WHERE token_hash = ${tokenHash} AND ended_at IS NULL`
  })
  const findLive = SqlSchema.findAll({
    Request: Schema.Void,
    Result: SessionRow,
    execute: () => sql`SELECT * FROM sessions WHERE ended_at IS NULL ORDER BY started_at, id`
  })
  const findEnded = SqlSchema.findAll({
    Request: Schema.Int,
    Result: SessionRow,
    execute: (limit) =>
      sql`SELECT * FROM sessions WHERE ended_at IS NOT NULL ORDER BY ended_at DESC
        LIMIT CAST(${limit} AS INTEGER)`
  })
  const findPushed = SqlSchema.findOneOption({
    Request: MeshId,
    Result: SessionRow,
    execute: (mesh) =>
      sql`SELECT * FROM sessions WHERE mesh = ${mesh} AND ended_at IS NULL AND mode = 'push'
        ORDER BY active_at DESC, id LIMIT 1`
  })
  const write = SqlSchema.void({
    Request: SessionRow,
    execute: (row) => sql`INSERT OR REPLACE INTO sessions ${sql.insert(row)}`
  })
  return {
    find: (id: SessionId) => Effect.orDie(find(id)),
    findByToken: (tokenHash: string) => Effect.orDie(findByToken(tokenHash)),
    /** Those that have not ended, the oldest first. */
    live: Effect.orDie(findLive(undefined)),
    /** Those that have ended and are not forgotten, the latest first. */
    ended: Effect.orDie(findEnded(ENDED_LISTED_MAX)),
    /** Of those that messages of a mesh are pushed to, the one of which something was heard last. */
    latestPushed: (mesh: MeshId) => Effect.orDie(findPushed(mesh)),
    put: (row: SessionRow) => Effect.orDie(write(row)),
    /** Forgets those that ended before that time. */
    forgetEnded: (before: number) =>
      Effect.asVoid(Effect.orDie(sql`DELETE FROM sessions WHERE ended_at < ${before}`))
  }
})

/** A session in the words of the local API. */
export function sessionView(row: SessionRow, now: number): Session {
  const { cwd, id, mode, name, pid, startedAt, unprompted } = row
  const status = statusAt({ status: row.status, source: row.statusSource, at: row.statusAt }, now)
  return {
    id,
    name,
    cwd,
    pid,
    mode,
    unprompted,
    status,
    started_at: startedAt,
    ...knownOf(row)
  }
}

/** What not every session has. */
function knownOf({ agent, caps, carrier, endedAt, groups, mesh, role }: SessionRow) {
  return {
    ...(agent === null ? {} : { agent }),
    ...(mesh === null ? {} : { mesh }),
    ...(carrier === null ? {} : { carrier }),
    ...(role === null ? {} : { role }),
    ...(groups.length === 0 ? {} : { groups }),
    ...(caps === null ? {} : { caps }),
    ...(endedAt === null ? {} : { ended_at: endedAt })
  }
}
