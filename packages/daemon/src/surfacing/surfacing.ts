/**
 * Decides which session is shown which message, and keeps what became of it.
 *
 * A message that is addressed to a session is that session's, whether it runs or not. Any other is shown
 * to one session of its mesh: the one of which something was heard last, so that a question has one
 * answer. Where none runs, it stays in the inbox for whoever looks.
 *
 * @module
 */
import type { HeldReason, MeshId, SessionId } from "@claudemesh/protocol"
import type { Evidence } from "@claudemesh/protocol/local_api"
import { Clock, Context, Effect, Layer, Option, SubscriptionRef } from "effect"
import { SqlClient } from "effect/sql"
import { bump } from "../counter.ts"
import { Inbox } from "../inbox/inbox.ts"
import type { InboxKey, InboxRow } from "../inbox/inbox_row.ts"
import { makeSessionRows, type SessionRow } from "../sessions/session_rows.ts"
import { makeHoldPolicy } from "./hold_policy.ts"
import { makeSurfacingRows, type ShownRow, type SurfacingState } from "./surfacing_rows.ts"
import { isWithheld, type Withheld } from "./withheld.ts"

/** Decides who is shown what. */
export class Surfacing extends Context.Service<Surfacing, {
  /** Finds the session that is to be shown a message that has arrived. Joins an open transaction. */
  readonly assign: (row: InboxRow) => Effect.Effect<void>
  /** A session begins, or is resumed that ended then: with what came for nobody meanwhile. */
  readonly resume: (session: SessionRow, endedAt: number | undefined) => Effect.Effect<void>
  /** A session has ended: what it was not shown yet, and is not addressed to it, is another's. */
  readonly leave: (session: SessionRow) => Effect.Effect<void>
  /** Its agent asks nobody before it acts, from now on: what strangers wrote and it was not shown waits for a human. */
  readonly keepStrangers: (session: SessionRow) => Effect.Effect<void>
  /** Takes what was seen of messages of a session; answers with how many are further than before. */
  readonly report: (
    session: SessionId,
    evidence: ReadonlyArray<Evidence>
  ) => Effect.Effect<number>
  /** What a session is to be shown now, in the order in which it came. */
  readonly open: (session: SessionId) => Effect.Effect<ReadonlyArray<ShownRow>>
  /** What waits for a human. */
  readonly held: (mesh: MeshId | undefined) => Effect.Effect<ReadonlyArray<ShownRow>>
  /** Why a message is kept from agents; nothing if it is not. */
  readonly withheld: (key: InboxKey) => Effect.Effect<Withheld | undefined>
  /** A human has read them, and lets the session see them; answers with how many had waited. */
  readonly accept: (keys: ReadonlyArray<InboxKey>) => Effect.Effect<number>
  /** A human keeps them from the session; they stay in the inbox. */
  readonly drop: (keys: ReadonlyArray<InboxKey>) => Effect.Effect<number>
  /** Grows whenever a session may have something else to show than before. */
  readonly changes: SubscriptionRef.SubscriptionRef<number>
  readonly lookAgain: Effect.Effect<void>
}>()("@claudemesh/daemon/surfacing/surfacing") {
  static readonly layer: Layer.Layer<Surfacing, never, Inbox | SqlClient.SqlClient> = Layer.effect(
    Surfacing,
    Effect.gen(function*() {
      const sql = yield* SqlClient.SqlClient
      const rows = yield* makeSurfacingRows
      const changes = yield* SubscriptionRef.make(0)
      const lookAgain = bump(changes)
      const { accept, assign, leave, resume } = yield* makeAssign
      const { note } = yield* makeNotes
      const { holdReason } = yield* makeHoldPolicy

      /** Does something to each message as one commit, and has sessions look again if anything came of it. */
      function forEach<A>(items: ReadonlyArray<A>, one: (item: A) => Effect.Effect<boolean>) {
        return Effect.forEach(items, one).pipe(
          sql.withTransaction,
          Effect.orDie,
          Effect.map((changed) => changed.filter(Boolean).length),
          Effect.tap((count) => (count > 0 ? lookAgain : Effect.void))
        )
      }
      const see = Effect.fnUntraced(function*(session: SessionId, evidence: Evidence) {
        const { from_device_id: sender, ...key } = evidence.message
        const row = Option.getOrUndefined(yield* rows.find({ ...key, sender }))
        if (row === undefined || row.shownTo !== session || !isCredible(row, evidence)) return false
        const detail = evidence.stage === "held" ? evidence.because : evidence.carrier
        return yield* note(row, evidence.stage, detail)
      })
      const keepStranger = Effect.fnUntraced(function*(row: ShownRow, session: SessionRow) {
        const reason = yield* holdReason(row, session)
        return reason === "unknown_sender" && (yield* note(row, "held", reason))
      })
      const withheld = Effect.fnUntraced(function*(key: InboxKey) {
        const state = Option.getOrUndefined(yield* rows.find(key))?.state
        return isWithheld(state) ? state : undefined
      })
      const drop = Effect.fnUntraced(function*(row: ShownRow) {
        yield* rows.put(shownAs(row, "dropped", yield* Clock.currentTimeMillis))
      })
      const decide = Effect.fnUntraced(
        function*(key: InboxKey, decision: (row: ShownRow) => Effect.Effect<void>) {
          const row = Option.getOrUndefined(yield* rows.find(key))
          if (row?.state !== "held") return false
          yield* decision(row)
          return true
        }
      )
      return Surfacing.of({
        // Whoever looks before the commit waits for it.
        assign: (row) => Effect.andThen(assign(row), lookAgain),
        resume: (session, endedAt) => Effect.andThen(resume(session, endedAt), lookAgain),
        leave: (session) => Effect.andThen(leave(session), lookAgain),
        keepStrangers: (session) =>
          Effect.flatMap(
            rows.open(session.id),
            (open) => Effect.asVoid(forEach(open, (row) => keepStranger(row, session)))
          ),
        report: (session, evidence) => forEach(evidence, (one) => see(session, one)),
        open: rows.open,
        held: rows.held,
        withheld,
        accept: (keys) => forEach(keys, (key) => decide(key, accept)),
        drop: (keys) => forEach(keys, (key) => decide(key, drop)),
        changes,
        lookAgain
      })
    })
  )
}

/** Gives messages to sessions. */
const makeAssign = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const sessions = yield* makeSessionRows
  const rows = yield* makeSurfacingRows
  const { holdReason } = yield* makeHoldPolicy
  const { owe } = yield* makeNotes

  const give = Effect.fnUntraced(function*(row: InboxRow, session: SessionRow) {
    const held = yield* holdReason(row, session)
    yield* rows.put({
      position: row.position,
      session: session.id,
      state: held === undefined ? "waiting" : "held",
      detail: held ?? null,
      changedAt: yield* Clock.currentTimeMillis
    })
    yield* owe(row, held)
  })
  const assign = Effect.fnUntraced(function*(row: InboxRow) {
    const session = yield* row.session === null
      ? sessions.latestPushed(row.mesh)
      : sessions.find(row.session)
    // What is addressed to a session of another mesh is nobody's.
    if (Option.isNone(session) || session.value.mesh !== row.mesh) return
    yield* give(row, session.value)
  })
  /** Whose it is after all: what waits in a session that has ended meanwhile would wait there for good. */
  const ownerOf = Effect.fnUntraced(function*({ mesh, session, shownTo }: ShownRow) {
    const owner = Option.getOrUndefined(yield* sessions.find(shownTo))
    if (session !== null || owner?.endedAt === null) return shownTo
    const next = Option.getOrUndefined(yield* sessions.latestPushed(mesh))
    return next?.id ?? shownTo
  })
  const accept = Effect.fnUntraced(function*(row: ShownRow) {
    const now = yield* Clock.currentTimeMillis
    yield* rows.letIn(row, now)
    yield* rows.put({ ...shownAs(row, "waiting", now), session: yield* ownerOf(row) })
  })
  const resume = Effect.fn("Surfacing.resume")(
    function*(session: SessionRow, endedAt: number | undefined) {
      if (session.mesh === null || session.mode !== "push" || endedAt === undefined) return
      const missed = yield* rows.unshown(session.mesh, endedAt)
      yield* Effect.forEach(missed, (row) => give(row, session), { discard: true })
    },
    sql.withTransaction,
    Effect.orDie
  )
  const leave = Effect.fn("Surfacing.leave")(
    function*({ id, mesh }: SessionRow) {
      const next = mesh === null ? Option.none() : yield* sessions.latestPushed(mesh)
      if (Option.isNone(next)) return
      const open = (yield* rows.open(id)).filter(({ session }) => session === null)
      yield* Effect.forEach(open, (row) => give(row, next.value), { discard: true })
    },
    sql.withTransaction,
    Effect.orDie
  )
  return { accept, assign, resume, leave }
})

/**
 * Whether a session's word for that counts. What its client holds may be shown there in spite of that, though
 * no command prints it. Of what we hold an agent could say anything, to let it out: only a human does.
 */
function isCredible({ detail, state }: ShownRow, evidence: Evidence): boolean {
  if (state !== "held") return true
  return isHeldByClient(detail) && evidence.stage !== "held" && evidence.carrier !== "poll"
}

function isHeldByClient(detail: string | null): boolean {
  return detail === "client_hold" || detail === "client_refuse"
}

/** What is seen of a message follows this order; what is held goes on once it is seen in spite of that. */
const ORDER: ReadonlyArray<SurfacingState> = ["waiting", "posted", "held", "surfaced", "in_context"]

/** Notes what was seen of messages, and what their senders are to be told of it. */
const makeNotes = Effect.gen(function*() {
  const inbox = yield* Inbox
  const rows = yield* makeSurfacingRows

  const tell = Effect.fnUntraced(function*(
    row: InboxRow,
    stage: "held" | "surfaced" | "in_context",
    reason: string
  ) {
    const { commitment, id, mesh, sender } = row
    const at = yield* Clock.currentTimeMillis
    yield* inbox.owe({ mesh, sender, id, commit: commitment, stage, reason, at })
  })
  const owe = Effect.fnUntraced(function*(row: InboxRow, held: HeldReason | undefined) {
    if (held !== undefined) yield* tell(row, "held", held)
  })
  const note = Effect.fnUntraced(function*(row: ShownRow, state: SurfacingState, detail: string) {
    if (ORDER.indexOf(state) <= ORDER.indexOf(row.state) || row.state === "dropped") return false
    yield* rows.put({ ...shownAs(row, state, yield* Clock.currentTimeMillis), detail })
    if (state !== "waiting" && state !== "posted" && state !== "dropped") {
      yield* tell(row, state, detail)
    }
    if (state === "surfaced" || state === "in_context") yield* inbox.read([row])
    return true
  })
  return { note, owe }
})

function shownAs({ position, shownTo }: ShownRow, state: SurfacingState, changedAt: number) {
  return { position, session: shownTo, state, detail: null, changedAt }
}
