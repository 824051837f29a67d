/**
 * Puts agent runs into the table of sessions as if they had been registered, without a process.
 *
 * @module
 */
import { Name, SessionId } from "@claudemesh/protocol"
import { Clock, Effect, Option } from "effect"
import { makeSessionRows, type SessionRow } from "../sessions/session_rows.ts"
import { Surfacing } from "../surfacing/surfacing.ts"
import { theMesh } from "./made_daemon.ts"

/** The id of the session of that number. */
export function sessionIdOf(number: number): SessionId {
  return SessionId.make(`00000000-0000-4000-8000-${String(number).padStart(12, "0")}`)
}

/** A session of the only mesh there is, of which something was heard just now. */
export const begunSession = Effect.fnUntraced(
  function*(number: number, otherwise: Partial<SessionRow> = {}) {
    const { put } = yield* makeSessionRows
    const now = yield* Clock.currentTimeMillis
    const row: SessionRow = {
      id: sessionIdOf(number),
      name: Name.make(`agent-${number}`),
      cwd: "/src",
      agent: null,
      pid: number,
      processMark: "first",
      startedAt: now,
      tokenHash: `hash ${number}`,
      mesh: (yield* theMesh).id,
      mode: "push",
      unprompted: false,
      carrier: null,
      status: "idle",
      statusSource: "file",
      statusAt: 0,
      activeAt: now,
      humanAt: 0,
      role: null,
      groups: [],
      caps: null,
      endedAt: null,
      ...otherwise
    }
    yield* put(row)
    return row
  }
)

/** Ends it, and has what it was not shown go elsewhere. */
export const endedSession = Effect.fnUntraced(function*(row: SessionRow) {
  const { put } = yield* makeSessionRows
  yield* put({ ...row, endedAt: yield* Clock.currentTimeMillis })
  yield* Surfacing.use(({ leave }) => leave(row))
})

/** Resumes it, otherwise than it was where that is said. */
export const resumedSession = Effect.fnUntraced(
  function*(row: SessionRow, otherwise: Partial<SessionRow> = {}) {
    const { find, put } = yield* makeSessionRows
    const known = Option.getOrThrow(yield* find(row.id))
    const resumed = { ...known, endedAt: null, ...otherwise }
    yield* put(resumed)
    yield* Surfacing.use(({ resume }) => resume(resumed, known.endedAt ?? undefined))
    return resumed
  }
)

/** What the session of that number is to be shown, and how far each is. */
export function openIn(number: number) {
  return Surfacing.use(({ open }) =>
    Effect.map(open(sessionIdOf(number)), (rows) => rows.map(({ state, text }) => [text, state]))
  )
}

/** What waits for a human, in which session, and why. */
export const heldNow = Surfacing.use(({ held }) =>
  Effect.map(
    held(undefined),
    (rows) => rows.map(({ detail, shownTo, text }) => [text, shownTo, detail])
  )
)
