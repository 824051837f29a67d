/**
 * The numbers of streams of calls: each of ours is higher than the last, and of those that come, none is taken twice.
 *
 * @module
 */
import type { DeviceId, MeshId } from "@claudemesh/protocol"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/** Gives and takes numbers. Those that come are taken in the transaction that reads their calls. */
export const makeCallNumbers = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient

  /** The next number of the stream to a device; above the floor, should this database have lost its streams. */
  const next = Effect.fnUntraced(function*(mesh: MeshId, device: DeviceId) {
    const [taken] = yield* sql<{ readonly sseq: number }>`
      INSERT INTO outgoing_streams (mesh, device, class, sseq)
      SELECT mesh, ${device}, 'rpc', sseq_floor + 1 FROM meshes WHERE mesh = ${mesh}
      ON CONFLICT (mesh, device, class) DO UPDATE SET
        sseq = max(outgoing_streams.sseq, (SELECT sseq_floor FROM meshes WHERE mesh = ${mesh})) + 1
      RETURNING sseq`
    return taken?.sseq ?? 1
  })

  /** Whether the number is higher than any that came before; it is taken if it is. */
  const take = Effect.fnUntraced(function*(mesh: MeshId, sender: DeviceId, sseq: number) {
    const taken = yield* sql`INSERT INTO incoming_calls ${sql.insert({ mesh, sender, sseq })}
      ON CONFLICT (mesh, sender) DO UPDATE SET sseq = excluded.sseq
        WHERE excluded.sseq > incoming_calls.sseq
      RETURNING sseq`
    return taken.length > 0
  })

  return { next, take }
})
