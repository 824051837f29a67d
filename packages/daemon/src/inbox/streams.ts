/**
 * How far each stream has come: what comes is stored in its order, or not at all.
 *
 * A sender says with each number which one before it is still to come. Where
 * that one is missing, this one is refused for now, and both are sent again in
 * their order: so no verdict, no broker and no reconnect turns the order of what
 * is shown. Numbers that were passed over have ended on their way; of those the
 * next one tells how many, so that none is missing in silence.
 *
 * @module
 */
import type { Addressee, DeviceId, MeshId } from "@claudemesh/protocol"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"

/** A number that was taken, and how many right before it will never come; or why it was not. */
export type Taken = { readonly missing: number } | "replayed" | "out_of_order"

/** Takes a number of a stream, inside the transaction that stores its message. */
export const makeStreams = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient

  const highestOf = Effect.fnUntraced(function*(mesh: MeshId, sender: DeviceId) {
    const [stream] = yield* sql<{ readonly sseq: number }>`
      SELECT sseq FROM incoming_streams WHERE mesh = ${mesh} AND sender = ${sender}`
    return stream?.sseq ?? 0
  })

  /** Takes the number if it is the next that can come. */
  const take = Effect.fnUntraced(function*(mesh: MeshId, sender: DeviceId, place: Addressee) {
    const { sseq } = place
    const taken = placeAfter(yield* highestOf(mesh, sender), place)
    if (typeof taken === "string") return taken
    yield* sql`INSERT INTO incoming_streams ${sql.insert({ mesh, sender, sseq })}
      ON CONFLICT (mesh, sender) DO UPDATE SET sseq = excluded.sseq`
    return taken
  })

  return { take }
})

/** Whether a number may follow the highest that has come. */
function placeAfter(
  highest: number,
  { after = 0, ended = 0, sseq }: Omit<Addressee, "device">
): Taken {
  if (sseq <= highest) return "replayed"
  if (after > highest) return "out_of_order"
  return { missing: Math.min(ended, sseq - highest - 1) }
}
