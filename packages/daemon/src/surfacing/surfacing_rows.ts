/**
 * The table of what sessions are shown: a message stands in it once it is some session's to show.
 *
 * A message that is in the inbox and not here is nobody's: it waits for whoever looks.
 *
 * @module
 */
import { Carrier, DeviceId, HeldReason, MeshId, SessionId } from "@claudemesh/protocol"
import { Effect, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"
import { type InboxKey, InboxRow } from "../inbox/inbox_row.ts"

/** How far a message is in its session. Those that a human let go stay, so that they are not shown after all. */
export const SurfacingState = Schema.Literals([
  "waiting",
  "posted",
  "held",
  "surfaced",
  "in_context",
  "dropped"
])
export type SurfacingState = typeof SurfacingState.Type

/** A message in its session. */
export const SurfacingRow = Schema.Struct({
  position: Schema.Int,
  session: SessionId,
  state: SurfacingState,
  detail: Schema.NullOr(Schema.String),
  changedAt: Schema.Int
})
export type SurfacingRow = typeof SurfacingRow.Type

/** With the message itself. */
export const ShownRow = Schema.Struct({
  ...InboxRow.fields,
  shownTo: SessionId,
  state: SurfacingState,
  detail: Schema.NullOr(Schema.String),
  changedAt: Schema.Int
})
export type ShownRow = typeof ShownRow.Type

/** The detail of what is held. */
export const isHeldReason = Schema.is(HeldReason)

/** The detail of what was handed to a carrier. */
export const isCarrier = Schema.is(Carrier)

/** Reads and writes the table; every failure is a defect, and the caller brings the transaction. */
export const makeSurfacingRows = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const columns = sql.literal(
    "inbox.*, s.session AS shown_to, s.state, s.detail, s.changed_at"
  )

  const findOpen = SqlSchema.findAll({
    Request: SessionId,
    Result: ShownRow,
    execute: (session) =>
      // Said, because SQLite would rather look through all that the session was ever shown.
      sql`SELECT ${columns} FROM surfacings s INDEXED BY surfacings_open JOIN inbox USING (position)
        WHERE s.session = ${session} AND s.state IN ('waiting', 'posted')
          AND mesh = (SELECT mesh FROM sessions WHERE id = ${session}) ORDER BY s.position`
  })
  const findHeld = SqlSchema.findAll({
    Request: Schema.NullOr(MeshId),
    Result: ShownRow,
    execute: (mesh) =>
      sql`SELECT ${columns} FROM surfacings s JOIN inbox USING (position)
        WHERE s.state = 'held' AND (${mesh} IS NULL OR mesh = ${mesh}) ORDER BY s.position`
  })
  const findOne = SqlSchema.findOneOption({
    Request: Schema.Struct({ mesh: Schema.String, sender: Schema.String, id: Schema.String }),
    Result: ShownRow,
    execute: ({ id, mesh, sender }) =>
      sql`SELECT ${columns} FROM inbox JOIN surfacings s USING (position)
        WHERE mesh = ${mesh} AND sender = ${sender} AND id = ${id}`
  })
  const findUnshown = SqlSchema.findAll({
    Request: Schema.Struct({ mesh: MeshId, since: Schema.Int }),
    Result: InboxRow,
    execute: ({ mesh, since }) =>
      sql`SELECT * FROM inbox WHERE mesh = ${mesh} AND read_at IS NULL AND session IS NULL
        AND received_at >= ${since}
        AND NOT EXISTS (SELECT 1 FROM surfacings s WHERE s.position = inbox.position)
        ORDER BY position`
  })
  const write = SqlSchema.void({
    Request: SurfacingRow,
    execute: (row) => sql`INSERT OR REPLACE INTO surfacings ${sql.insert(row)}`
  })
  const writeAccepted = SqlSchema.void({
    Request: Schema.Struct({ mesh: MeshId, sender: DeviceId, acceptedAt: Schema.Int }),
    execute: (row) => sql`INSERT OR REPLACE INTO accepted_senders ${sql.insert(row)}`
  })
  return {
    /** What a session is still to be shown of its mesh, in the order in which it came. */
    open: (session: SessionId) => Effect.orDie(findOpen(session)),
    held: (mesh: MeshId | undefined) => Effect.orDie(findHeld(mesh ?? null)),
    find: ({ id, mesh, sender }: InboxKey) => Effect.orDie(findOne({ id, mesh, sender })),
    /** Unread messages since then that are addressed to no session, and that none is shown. */
    unshown: (mesh: MeshId, since: number) => Effect.orDie(findUnshown({ mesh, since })),
    put: (row: SurfacingRow) => Effect.orDie(write(row)),
    /** A human lets agents see what that sender says, from now on. */
    letIn: ({ mesh, sender }: InboxKey, acceptedAt: number) =>
      Effect.orDie(writeAccepted({ mesh, sender, acceptedAt }))
  }
})
