/**
 * Numbers messages in the stream from this device to each of their recipients, in the order of acceptance.
 *
 * @module
 */
import type { DeviceId } from "@claudemesh/protocol"
import { Effect, Option } from "effect"
import { SqlClient } from "effect/sql"
import { Outbox } from "./outbox.ts"
import type { OutboxRow } from "./outbox_store.ts"

/** Takes numbers, in a transaction that the caller brings. */
export const makeStreamNumbers = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const outbox = yield* Outbox

  // A fresh stream begins above the floor, which is zero unless this database lost its streams.
  const nextInStream = Effect.fnUntraced(function*(row: OutboxRow, device: DeviceId) {
    const [next] = yield* sql<{ readonly sseq: number }>`
      INSERT INTO outgoing_streams (mesh, device, class, sseq)
      SELECT mesh, ${device}, ${row.class}, sseq_floor + 1 FROM meshes WHERE mesh = ${row.mesh}
      ON CONFLICT (mesh, device, class) DO UPDATE SET
        sseq = max(outgoing_streams.sseq, (SELECT sseq_floor FROM meshes WHERE mesh = ${row.mesh})) + 1
      RETURNING sseq`
    return next?.sseq ?? 1
  })

  /** Takes the numbers of a message, once, and marks it as being sent; nothing if it waits no more. */
  const number = Effect.fnUntraced(function*(row: OutboxRow) {
    const { id, mesh } = row
    const begun = yield* sql`UPDATE outbox SET state = 'sending'
      WHERE mesh = ${mesh} AND id = ${id} AND state = 'pending' RETURNING position`
    if (begun.length === 0) return Option.none()
    for (const { device, sseq } of yield* outbox.recipients(mesh, id)) {
      if (sseq !== null) continue
      const next = yield* nextInStream(row, device)
      yield* sql`UPDATE outbox_recipients SET sseq = ${next}
        WHERE mesh = ${mesh} AND id = ${id} AND device = ${device}`
    }
    // Read again: it may have to be sealed once more since the caller read it.
    return yield* outbox.find({ mesh, id })
  })

  return { number }
})
