/**
 * Keeps the agent runs of this machine for as long as their processes live.
 *
 * A session is bound to its process by pid and start, so that one which was given the pid later does
 * not inherit it. Sessions survive a restart of the daemon. The same id again resumes a session: with
 * the process that asks now, and with a new token.
 *
 * @module
 */
import { NodeFileSystem } from "@effect/platform-node"
import { SessionId } from "@claudemesh/protocol"
import { type Refused, refused } from "@claudemesh/protocol/errors"
import type { RegisteredSession, RegisterSession, Session } from "@claudemesh/protocol/local_api"
import { Clock, Context, Effect, FileSystem, Layer, Option, type Redacted, Schema } from "effect"
import { SecureRandom } from "effect/crypto/SecureRandom"
import { SqlClient, SqlSchema } from "effect/sql"
import { Home } from "../home.ts"
import { ProcessTable } from "./process_table.ts"
import { hashToken, issueToken, removeToken, tokenFile } from "./session_tokens.ts"

/** How many agent runs one machine may have. */
const SESSIONS_MAX = 1_000

const SessionRow = Schema.Struct({
  id: SessionId,
  name: Schema.String,
  cwd: Schema.String,
  agent: Schema.NullOr(Schema.String),
  pid: Schema.Int,
  processMark: Schema.String,
  startedAt: Schema.Int,
  tokenHash: Schema.String
})
type SessionRow = typeof SessionRow.Type

/** The agent runs of this machine. */
export class Sessions extends Context.Service<Sessions, {
  /** Registers a run, or resumes the one with this id; its process must be alive. */
  readonly register: (
    request: typeof RegisterSession.Type
  ) => Effect.Effect<typeof RegisteredSession.Type, Refused>
  /** All of them, the oldest first. */
  readonly list: Effect.Effect<ReadonlyArray<Session>>
  /** Ends a session and answers with what it was. */
  readonly end: (id: SessionId) => Effect.Effect<Session, Refused>
  /** The session whose token this is. */
  readonly authenticate: (
    token: Redacted.Redacted<Uint8Array>
  ) => Effect.Effect<Option.Option<Session>>
  /** Ends those whose processes have ended; answers with how many. */
  readonly endOrphans: Effect.Effect<number, Refused>
}>()("@claudemesh/daemon/sessions/sessions") {
  static readonly layer: Layer.Layer<
    Sessions,
    never,
    Home | ProcessTable | SecureRandom | SqlClient.SqlClient
  > = Layer.effect(Sessions, Effect.suspend(() => makeSessions)).pipe(
    Layer.provide(NodeFileSystem.layer)
  )
}

const makeSessions = Effect.gen(function*() {
  const { run } = yield* Home
  const processes = yield* ProcessTable
  const random = yield* SecureRandom
  const context = yield* Effect.context<FileSystem.FileSystem | SecureRandom>()
  const rows = yield* sessionRows

  const register = Effect.fn("Sessions.register")(function*(request: typeof RegisterSession.Type) {
    const { agent = null, cwd, name, pid } = request
    const id = request.id ?? SessionId.make(yield* random.uuidV4())
    const processMark = (yield* processes.marks([pid])).get(pid)
    if (processMark === undefined) {
      return yield* refused(
        "malformed",
        `Cannot register session "${name}": no process has pid ${pid}`
      )
    }
    const known = yield* rows.find(id)
    if (Option.isNone(known) && (yield* rows.all).length >= SESSIONS_MAX) {
      return yield* refused(
        "overloaded",
        `Cannot register session "${name}": there are ${SESSIONS_MAX}`
      )
    }
    const now = yield* Clock.currentTimeMillis
    const startedAt = Option.match(known, { onNone: () => now, onSome: (row) => row.startedAt })
    const tokenHash = yield* issueToken(run, id)
    const row = { id, name, cwd, agent, pid, processMark, startedAt, tokenHash }
    yield* rows.put(row)
    return { ...view(row), token_file: tokenFile(run, id) }
  }, Effect.provideContext(context))

  const endRow = Effect.fn("Sessions.endRow")(function*({ id }: SessionRow) {
    yield* removeToken(run, id)
    yield* rows.remove(id)
  }, Effect.provideContext(context))

  const end = Effect.fn("Sessions.end")(function*(id: SessionId) {
    const row = yield* rows.find(id)
    if (Option.isNone(row)) {
      return yield* refused("session_not_found", `There is no session "${id}"`)
    }
    yield* endRow(row.value)
    return view(row.value)
  })

  const endOrphans = Effect.gen(function*() {
    const all = yield* rows.all
    const marks = yield* processes.marks(all.map(({ pid }) => pid))
    const orphans = all.filter(({ pid, processMark }) => marks.get(pid) !== processMark)
    yield* Effect.forEach(orphans, endRow, { discard: true })
    return orphans.length
  }).pipe(Effect.withSpan("Sessions.endOrphans"))

  return Sessions.of({
    register,
    list: Effect.map(rows.all, (all) => all.map(view)),
    end,
    authenticate: (token) => Effect.map(rows.findByToken(hashToken(token)), Option.map(view)),
    endOrphans
  })
})

/** The table of sessions. A failing disk is nothing that a caller can act on. */
const sessionRows = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const find = SqlSchema.findOneOption({
    Request: SessionId,
    Result: SessionRow,
    execute: (id) => sql`SELECT * FROM sessions WHERE id = ${id}`
  })
  const findByToken = SqlSchema.findOneOption({
    Request: Schema.String,
    Result: SessionRow,
    execute: (tokenHash) => sql`SELECT * FROM sessions WHERE token_hash = ${tokenHash}`
  })
  const all = SqlSchema.findAll({
    Request: Schema.Void,
    Result: SessionRow,
    execute: () => sql`SELECT * FROM sessions ORDER BY started_at, id`
  })
  return {
    find: (id: SessionId) => Effect.orDie(find(id)),
    findByToken: (tokenHash: string) => Effect.orDie(findByToken(tokenHash)),
    all: Effect.orDie(all(undefined)),
    put: (row: SessionRow) => Effect.orDie(sql`INSERT OR REPLACE INTO sessions ${sql.insert(row)}`),
    remove: (id: SessionId) => Effect.orDie(sql`DELETE FROM sessions WHERE id = ${id}`)
  }
})

function view({ agent, cwd, id, name, pid, startedAt }: SessionRow): Session {
  return { id, name, cwd, pid, started_at: startedAt, ...(agent === null ? {} : { agent }) }
}
