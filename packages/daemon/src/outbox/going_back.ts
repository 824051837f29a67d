/**
 * Goes back in a stream: what its recipient has not signed for is sealed once more, to come in its order.
 *
 * The caller brings the transaction, and wakes whoever sends.
 *
 * @module
 */
import type { DeviceId, ErrorCode, MeshId } from "@claudemesh/protocol"
import { Clock, Effect } from "effect"
import { SqlClient } from "effect/sql"
import { goBackMillis } from "./next_attempt.ts"
import type { MessageKey } from "./outbox.ts"

/** The ways to go back. */
export const makeGoingBack = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient

  const sealAllAgain = Effect.fnUntraced(
    function*(keys: ReadonlyArray<MessageKey & { readonly attempt: number }>, code: ErrorCode) {
      const now = yield* Clock.currentTimeMillis
      for (const { attempt, id, mesh } of keys) {
        yield* sql`UPDATE outbox SET state = 'pending', attempt = attempt + 1,
            waits_since = ${now}, not_before = ${now + goBackMillis(attempt)}, last_error = ${code}
          WHERE mesh = ${mesh} AND id = ${id}`
      }
    }
  )

  /** One before it is missing there: both are sealed again, and whatever is between them, to come in their order. */
  const goBack = Effect.fnUntraced(function*(mesh: MeshId, device: DeviceId, sseq: number) {
    const now = yield* Clock.currentTimeMillis
    const open = yield* sql<MessageKey & { readonly attempt: number }>`
      SELECT mesh, id, attempt FROM outbox_recipients r INDEXED BY outbox_recipients_open
        JOIN outbox USING (mesh, id)
      WHERE mesh = ${mesh} AND device = ${device} AND r.state IN ('queued', 'admitted')
        AND class = 'dm' AND r.sseq <= ${sseq} AND (
          outbox.state IN ('sending', 'admitted')
          OR (r.sseq = ${sseq} AND outbox.state = 'pending'
            AND ${now} NOT BETWEEN waits_since AND not_before - 1))`
    yield* sealAllAgain(open, "out_of_order")
  })

  /** What the device has told of them cannot be read: it is asked again, by all that it has not signed for. */
  const askAgain = Effect.fnUntraced(function*(mesh: MeshId, device: DeviceId) {
    const now = yield* Clock.currentTimeMillis
    const open = yield* sql<MessageKey & { readonly attempt: number }>`
      SELECT mesh, id, attempt FROM outbox_recipients r INDEXED BY outbox_recipients_open
        JOIN outbox USING (mesh, id)
      WHERE mesh = ${mesh} AND device = ${device} AND r.state IN ('queued', 'admitted')
        AND class = 'dm' AND (
          outbox.state IN ('sending', 'admitted')
          OR (outbox.state = 'pending' AND unanswered > 0
            AND ${now} NOT BETWEEN waits_since AND not_before - 1))`
    yield* sealAllAgain(open, "reseal")
  })

  return { goBack, askAgain }
})
