/**
 * Which numbers of a stream have come: the highest, and the ranges below it that did not.
 *
 * A number may come late (it was sealed again), but never twice: a message from
 * long ago that a broker serves once more has a number that came already.
 *
 * @module
 */
import type { DeviceId, MeshId } from "@claudemesh/protocol"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

interface Gap {
  readonly first: number
  readonly last: number
}

/** Takes a number of a stream, inside the transaction that stores its message. */
export const makeStreams = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient

  const openGap = Effect.fnUntraced(
    function*(mesh: MeshId, sender: DeviceId, { first, last }: Gap) {
      if (first <= last) {
        yield* sql`INSERT INTO incoming_gaps ${sql.insert({ mesh, sender, first, last })}`
      }
    }
  )

  const fill = Effect.fnUntraced(function*(mesh: MeshId, sender: DeviceId, sseq: number) {
    const [gap] = yield* sql<Gap>`SELECT first, last FROM incoming_gaps
      WHERE mesh = ${mesh} AND sender = ${sender} AND first <= ${sseq} AND last >= ${sseq}`
    if (gap === undefined) return false
    yield* sql`DELETE FROM incoming_gaps WHERE mesh = ${mesh} AND sender = ${sender} AND first = ${gap.first}`
    yield* openGap(mesh, sender, { first: gap.first, last: sseq - 1 })
    yield* openGap(mesh, sender, { first: sseq + 1, last: gap.last })
    return true
  })

  /** Whether the number is new; it is taken if it is. */
  const take = Effect.fnUntraced(function*(mesh: MeshId, sender: DeviceId, sseq: number) {
    const [stream] = yield* sql<{ readonly sseq: number }>`
      SELECT sseq FROM incoming_streams WHERE mesh = ${mesh} AND sender = ${sender}`
    const highest = stream?.sseq ?? 0
    if (sseq <= highest) return yield* fill(mesh, sender, sseq)
    yield* openGap(mesh, sender, { first: highest + 1, last: sseq - 1 })
    yield* sql`INSERT INTO incoming_streams ${sql.insert({ mesh, sender, sseq })}
      ON CONFLICT (mesh, sender) DO UPDATE SET sseq = excluded.sseq`
    return true
  })

  return { take }
})
