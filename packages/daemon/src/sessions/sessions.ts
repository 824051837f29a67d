/**
 * Keeps the agent runs of this machine for as long as their processes live.
 *
 * A session is bound to its process by pid and start, so that one which was given the pid later does
 * not inherit it. Sessions survive a restart of the daemon. The same id again resumes a session: with
 * the process that asks now, with a new token, and with what came for it since it ended.
 *
 * @module
 */
import { NodeFileSystem } from "@effect/platform-node"
import { type MeshId, SessionId } from "@claudemesh/protocol"
import { type Refused, refused } from "@claudemesh/protocol/errors"
import type {
  RegisteredSession,
  RegisterSession,
  ReviseSession,
  Session
} from "@claudemesh/protocol/local_api"
import { Clock, Context, Effect, FileSystem, Layer, Option, type Redacted, Semaphore } from "effect"
import { SecureRandom } from "effect/crypto/SecureRandom"
import { SqlClient } from "effect/sql"
import { Home } from "../home.ts"
import { freeName, slug } from "../membership/names.ts"
import { Surfacing } from "../surfacing/surfacing.ts"
import { revisedStatus } from "./agent_status.ts"
import { ProcessTable } from "./process_table.ts"
import { makeSessionRows, type SessionRow, sessionView } from "./session_rows.ts"
import { hashToken, issueToken, removeToken, tokenFile } from "./session_tokens.ts"

/** How many agent runs one machine may have. */
const SESSIONS_MAX = 1_000

/** How long one that has ended can be resumed under its name: as long as Claude Code keeps transcripts. */
const RESUMABLE_MILLIS = 30 * 86_400_000

/** What a run says of itself, with its mesh found. */
export interface Registration extends Omit<RegisterSession, "mesh"> {
  readonly mesh?: MeshId | undefined
  /** The mesh of a run that names none, and never had one. */
  readonly otherwise?: MeshId | undefined
}

/** The agent runs of this machine. */
export class Sessions extends Context.Service<Sessions, {
  /** Registers a run, or resumes the one with this id; its process must be alive. */
  readonly register: (
    registration: Registration
  ) => Effect.Effect<typeof RegisteredSession.Type, Refused>
  /** All that live, the oldest first. */
  readonly list: Effect.Effect<ReadonlyArray<Session>>
  /** Those that have ended and can be resumed, the latest first. */
  readonly ended: Effect.Effect<ReadonlyArray<Session>>
  readonly show: (id: SessionId) => Effect.Effect<Session, Refused>
  /** Takes over what is new of a run. */
  readonly revise: (id: SessionId, revision: ReviseSession) => Effect.Effect<Session, Refused>
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
    Home | ProcessTable | SecureRandom | SqlClient.SqlClient | Surfacing
  > = Layer.effect(Sessions, Effect.suspend(() => makeSessions)).pipe(
    Layer.provide(NodeFileSystem.layer)
  )
}

const makeSessions = Effect.gen(function*() {
  const rows = yield* makeSessionRows
  const surfacing = yield* Surfacing
  const register = yield* makeRegister
  const { end, endOrphans, findLive } = yield* makeEnd
  // A session is read and then written whole: two at once would undo each other, or take one name.
  const oneAtATime = (yield* Semaphore.make(1)).withPermits(1)

  const shown = Effect.fnUntraced(function*(row: SessionRow) {
    return sessionView(row, yield* Clock.currentTimeMillis)
  })
  const revise = Effect.fn("Sessions.revise")(function*(id: SessionId, revision: ReviseSession) {
    const row = yield* findLive(id)
    const { name } = revision
    const others = name === undefined ? [] : (yield* rows.live).filter((other) => other.id !== id)
    const now = yield* Clock.currentTimeMillis
    const free = name === undefined ? {} : { name: freeName(name, others) }
    const revised = { ...revisedRow(row, revision, now), ...free }
    yield* rows.put(revised)
    if (revised.unprompted && !row.unprompted) yield* surfacing.keepStrangers(revised)
    yield* surfacing.lookAgain
    return sessionView(revised, now)
  })

  return Sessions.of({
    register: (registration) => oneAtATime(register(registration)),
    list: Effect.flatMap(rows.live, (live) => Effect.forEach(live, shown)),
    ended: Effect.flatMap(rows.ended, (ended) => Effect.forEach(ended, shown)),
    show: (id) => Effect.flatMap(findLive(id), shown),
    revise: (id, revision) => oneAtATime(revise(id, revision)),
    end: (id) => Effect.flatMap(oneAtATime(end(id)), shown),
    authenticate: (token) =>
      Effect.flatMap(
        rows.findByToken(hashToken(token)),
        Option.match({
          onNone: () => Effect.succeedNone,
          onSome: (row) => Effect.asSome(shown(row))
        })
      ),
    endOrphans: oneAtATime(endOrphans)
  })
})

const makeRegister = Effect.gen(function*() {
  const { run } = yield* Home
  const processes = yield* ProcessTable
  const random = yield* SecureRandom
  const surfacing = yield* Surfacing
  const context = yield* Effect.context<FileSystem.FileSystem | SecureRandom>()
  const rows = yield* makeSessionRows

  return Effect.fn("Sessions.register")(function*(registration: Registration) {
    const { pid } = registration
    const id = registration.id ?? SessionId.make(yield* random.uuidV4())
    const known = Option.getOrUndefined(yield* rows.find(id))
    const others = (yield* rows.live).filter((other) => other.id !== id)
    const wanted = wantedName(registration, known)
    const processMark = (yield* processes.marks([pid])).get(pid)
    if (processMark === undefined) {
      return yield* cannot(wanted, "malformed", `no process has pid ${pid}`)
    }
    if (others.length >= SESSIONS_MAX) {
      return yield* cannot(wanted, "overloaded", `there are ${SESSIONS_MAX}`)
    }
    const now = yield* Clock.currentTimeMillis
    const row: SessionRow = {
      ...said(registration, known ?? begun(id, now)),
      caps: limitOf(registration, known, processMark),
      name: freeName(wanted, others),
      processMark,
      tokenHash: yield* issueToken(run, id),
      activeAt: now,
      endedAt: null
    }
    yield* rows.put(row)
    yield* rows.forgetEnded(now - RESUMABLE_MILLIS)
    yield* surfacing.resume(row, known?.endedAt ?? undefined)
    return { ...sessionView(row, now), token_file: tokenFile(run, id) }
  }, Effect.provideContext(context))
})

const makeEnd = Effect.gen(function*() {
  const { run } = yield* Home
  const processes = yield* ProcessTable
  const surfacing = yield* Surfacing
  const context = yield* Effect.context<FileSystem.FileSystem>()
  const rows = yield* makeSessionRows

  const findLive = Effect.fnUntraced(function*(id: SessionId) {
    const row = Option.getOrUndefined(yield* rows.find(id))
    if (row !== undefined && row.endedAt === null) return row
    return yield* refused("session_not_found", `There is no session "${id}"`)
  })
  const endRow = Effect.fn("Sessions.endRow")(function*(row: SessionRow) {
    yield* removeToken(run, row.id)
    yield* rows.put({ ...row, endedAt: yield* Clock.currentTimeMillis })
    yield* surfacing.leave(row)
  }, Effect.provideContext(context))

  const end = Effect.fn("Sessions.end")(function*(id: SessionId) {
    return yield* Effect.tap(findLive(id), endRow)
  })
  const endOrphans = Effect.gen(function*() {
    const live = yield* rows.live
    const marks = yield* processes.marks(live.map(({ pid }) => pid))
    const orphans = live.filter(({ pid, processMark }) => marks.get(pid) !== processMark)
    yield* Effect.forEach(orphans, endRow, { discard: true })
    return orphans.length
  }).pipe(Effect.withSpan("Sessions.endOrphans"))
  return { end, endOrphans, findLive }
})

function cannot(name: string, code: "malformed" | "overloaded", why: string) {
  return Effect.fail(refused(code, `Cannot register session "${name}": ${why}`))
}

/** What a session is to be called: as it says, as it was called before, or as its directory. */
function wantedName({ cwd, name }: Registration, known: SessionRow | undefined): string {
  const directory = cwd.split("/").findLast((part) => part !== "") ?? ""
  return name ?? known?.name ?? slug(directory, "session")
}

/** A session of which nothing is known yet. */
function begun(id: SessionId, now: number) {
  return {
    id,
    agent: null,
    startedAt: now,
    mesh: null,
    mode: "push" as const,
    unprompted: false,
    carrier: null,
    status: "idle" as const,
    statusSource: "file" as const,
    statusAt: 0,
    humanAt: 0,
    role: null,
    groups: []
  }
}

/**
 * What it is limited to. The process of a session says again what it was started with whenever it has lost
 * the daemon, and its user may have said otherwise since.
 */
function limitOf(
  { caps, pid }: Registration,
  known: SessionRow | undefined,
  processMark: string
): SessionRow["caps"] {
  if (known === undefined) return caps ?? null
  const isSameRun = known.pid === pid && known.processMark === processMark
  return caps === undefined || isSameRun ? known.caps : caps
}

/** What a run says of itself, and where it says nothing, what was so before. */
function said<Before extends SaidRow>(registration: Registration, before: Before) {
  const { agent = before.agent, cwd, otherwise = null, pid } = registration
  const { mesh = before.mesh ?? otherwise, mode = before.mode } = registration
  const { groups = before.groups, role = before.role, unprompted = before.unprompted } =
    registration
  return { ...before, agent, cwd, groups, mesh, mode, pid, role, unprompted }
}

/** What of a session may be left unsaid. */
type SaidRow = Pick<SessionRow, "agent" | "groups" | "mesh" | "mode" | "role" | "unprompted">

function revisedRow(row: SessionRow, revision: ReviseSession, now: number): SessionRow {
  const { carrier = row.carrier, human, mode = row.mode, unprompted = row.unprompted } = revision
  const { caps = row.caps, groups = row.groups, role = row.role } = revision
  const known = { status: row.status, source: row.statusSource, at: row.statusAt }
  const { at, source, status } = revision.status === undefined ? known : revisedStatus(known, {
    status: revision.status.is,
    source: revision.status.source,
    at: now
  })
  return {
    ...row,
    carrier,
    mode,
    unprompted,
    role,
    groups,
    caps,
    status,
    statusSource: source,
    statusAt: at,
    activeAt: now,
    humanAt: human === true ? now : row.humanAt
  }
}
