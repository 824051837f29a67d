/**
 * Takes the next number of a stream from this device to another, one stream for each class.
 *
 * @module
 */
import type { DeviceId, EnvelopeClass, MeshId } from "@claudemesh/protocol"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/** Names a stream of ours. */
export interface StreamKey {
  readonly mesh: MeshId
  readonly device: DeviceId
  readonly class: EnvelopeClass
}

/**
 * Takes numbers, each higher than all before it in its stream and than the floor of its mesh. The floor is
 * what the broker knew of at the first attach of a run: up to there, a copy of this home may have taken any.
 */
export const makeNextNumber = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient

  return Effect.fnUntraced(function*({ class: kind, device, mesh }: StreamKey) {
    const [taken] = yield* sql<{ readonly sseq: number }>`
      INSERT INTO outgoing_streams (mesh, device, class, sseq)
      SELECT mesh, ${device}, ${kind}, sseq_floor + 1 FROM meshes WHERE mesh = ${mesh}
      ON CONFLICT (mesh, device, class) DO UPDATE SET
        sseq = max(outgoing_streams.sseq, (SELECT sseq_floor FROM meshes WHERE mesh = ${mesh})) + 1
      RETURNING sseq`
    return taken?.sseq ?? 1
  })
})
