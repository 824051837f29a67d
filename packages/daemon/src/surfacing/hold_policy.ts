/**
 * Decides whether a message waits for a human before an agent is shown it.
 *
 * Two dangers are met here: an agent that acts without asking anybody reads what a stranger says, and
 * two agents keep each other busy with nobody watching. 20 messages between a pair within 60 seconds
 * and without a human's word are taken for the latter (`claude_code.md`, §6).
 *
 * @module
 */
import type { HeldReason } from "@claudemesh/protocol"
import { Clock, Effect } from "effect"
import { SqlClient } from "effect/sql"
import type { InboxRow } from "../inbox/inbox_row.ts"
import type { SessionRow } from "../sessions/session_rows.ts"

const LOOP_MILLIS = 60_000

/** Of the twenty, half come from each side. */
const LOOP_MESSAGES_EACH_WAY = 10

const HELD = { unknown_sender: "unknown_sender", loop: "loop" } as const satisfies {
  readonly [Reason in HeldReason]?: Reason
}

/** Why a message that is for a session waits for a human, nothing if it does not; and whether its sender is known here. */
export const makeHoldPolicy = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient

  const isKnown = Effect.fnUntraced(function*({ mesh, sender }: InboxRow) {
    const written = yield* sql`SELECT 1 FROM outbox_recipients JOIN outbox USING (mesh, id)
      WHERE mesh = ${mesh} AND device = ${sender} AND class = 'dm' LIMIT 1`
    if (written.length > 0) return true
    const accepted = yield* sql`SELECT 1 FROM accepted_senders
      WHERE mesh = ${mesh} AND sender = ${sender}`
    return accepted.length > 0
  })
  const isLoop = Effect.fnUntraced(function*({ mesh, sender }: InboxRow, session: SessionRow) {
    const now = yield* Clock.currentTimeMillis
    const since = Math.max(now - LOOP_MILLIS, session.humanAt)
    const nth = LOOP_MESSAGES_EACH_WAY - 1
    const [received] = yield* sql<{ readonly at: number }>`
      SELECT received_at AS at FROM surfacings JOIN inbox USING (position)
      WHERE surfacings.session = ${session.id} AND mesh = ${mesh} AND sender = ${sender}
      ORDER BY position DESC LIMIT 1 OFFSET CAST(${nth} AS INTEGER)`
    if (received === undefined || received.at <= since) return false
    const [sent] = yield* sql<{ readonly at: number }>`
      SELECT accepted_at AS at FROM outbox_recipients JOIN outbox USING (mesh, id)
      WHERE mesh = ${mesh} AND device = ${sender} AND class = 'dm' AND sseq IS NOT NULL
      ORDER BY sseq DESC LIMIT 1 OFFSET CAST(${nth} AS INTEGER)`
    return sent !== undefined && sent.at > since
  })
  const isStranger = Effect.fn("isStranger")(
    (row: InboxRow) => Effect.map(isKnown(row), (known) => !known),
    Effect.orDie
  )
  const holdReason = Effect.fn("holdReason")(
    function*(row: InboxRow, session: SessionRow) {
      if (session.unprompted && (yield* isStranger(row))) return HELD.unknown_sender
      return (yield* isLoop(row, session)) ? HELD.loop : undefined
    },
    Effect.orDie
  )
  return { holdReason, isStranger }
})
