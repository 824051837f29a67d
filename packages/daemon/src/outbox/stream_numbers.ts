/**
 * Numbers messages in the stream from this device to each of their recipients, in the order of acceptance.
 *
 * With its number a message says what is right before it: the one that it must
 * not overtake, and how many have ended and will never come. So a recipient can
 * keep the order, and knows of every number that is missing what became of it.
 *
 * @module
 */
import type { DeviceId } from "@claudemesh/protocol"
import { Effect, Option } from "effect"
import { SqlClient } from "effect/sql"
import { makeNextNumber } from "./next_number.ts"
import { Outbox, type Outgoing } from "./outbox.ts"
import type { OutboxRow, RecipientRow } from "./outbox_store.ts"

/** A recipient with the place of a message in its stream. */
export interface NumberedRecipient extends RecipientRow {
  readonly sseq: number
  /** The highest number below it that is still to come; zero if there is none. */
  readonly after: number
  /** How many right below it have ended without coming. */
  readonly ended: number
}

/** A message with its place in each stream. */
export interface Numbered extends Outgoing {
  readonly recipients: ReadonlyArray<NumberedRecipient>
}

/** Takes numbers, in a transaction that the caller brings. */
export const makeStreamNumbers = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const outbox = yield* Outbox
  const before = yield* makeBefore
  const nextNumber = yield* makeNextNumber

  const place = Effect.fnUntraced(function*(row: OutboxRow, recipient: RecipientRow) {
    const { id, mesh } = row
    const { device } = recipient
    const sseq = recipient.sseq ?? (yield* nextNumber({ mesh, device, class: row.class }))
    if (recipient.sseq === null) {
      yield* sql`UPDATE outbox_recipients SET sseq = ${sseq}
        WHERE mesh = ${mesh} AND id = ${id} AND device = ${device}`
    }
    // Receipts say the same in any order.
    const neighbours = row.class === "dm" ? yield* before(row, device, sseq) : NOBODY
    return { ...recipient, sseq, ...neighbours } satisfies NumberedRecipient
  })

  /** Takes the numbers of a message, once, and marks it as being sent; nothing if it waits no more. */
  const number = Effect.fnUntraced(function*({ id, mesh }: OutboxRow) {
    const begun = yield* sql`UPDATE outbox SET state = 'sending', unanswered = unanswered + 1
      WHERE mesh = ${mesh} AND id = ${id} AND state = 'pending' RETURNING position`
    if (begun.length === 0) return Option.none()
    // Read again: it may have to be sealed once more since the caller read it.
    const row = Option.getOrThrow(yield* outbox.find({ mesh, id }))
    const recipients = yield* Effect.forEach(row.recipients, (recipient) => place(row, recipient))
    return Option.some<Numbered>({ ...row, recipients })
  })

  return { number }
})

const NOBODY = { after: 0, ended: 0 } as const

/** Looks at what is before a number in its stream. */
const makeBefore = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient

  return Effect.fnUntraced(
    function*({ class: kind, mesh }: OutboxRow, device: DeviceId, sseq: number) {
      const [found] = yield* sql<{ readonly after: number; readonly kept: number }>`SELECT
        coalesce((SELECT sseq FROM outbox_recipients r INDEXED BY outbox_recipients_open
            JOIN outbox USING (mesh, id)
          WHERE mesh = ${mesh} AND device = ${device} AND sseq < ${sseq} AND class = CAST(${kind} AS TEXT)
            AND r.state IN ('queued', 'admitted')
          ORDER BY sseq DESC LIMIT 1), 0) AS after,
        coalesce((SELECT sseq FROM outbox_recipients r JOIN outbox USING (mesh, id)
          WHERE mesh = ${mesh} AND device = ${device} AND sseq < ${sseq} AND class = CAST(${kind} AS TEXT)
            AND r.state NOT IN ('rejected', 'expired', 'aborted')
          ORDER BY sseq DESC LIMIT 1), 0) AS kept`
      const { after = 0, kept = 0 } = found ?? {}
      if (kept === sseq - 1) return { after, ended: 0 }
      // Counted, and not reckoned: numbers that were skipped belong to nobody.
      const [counted] = yield* sql<{ readonly ended: number }>`
        SELECT count(*) AS ended FROM outbox_recipients JOIN outbox USING (mesh, id)
        WHERE mesh = ${mesh} AND device = ${device} AND class = CAST(${kind} AS TEXT)
          AND sseq > ${kept} AND sseq < ${sseq}`
      return { after, ended: counted?.ended ?? 0 }
    }
  )
})
