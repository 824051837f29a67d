/**
 * The numbers of streams of calls: each of ours is higher than the last, and of those that come, none is taken twice.
 *
 * @module
 */
import type { DeviceId, MeshId } from "@claudemesh/protocol"
import { Effect } from "effect"
import { SqlClient } from "effect/sql"
import { makeNextNumber } from "../outbox/next_number.ts"

/** Gives and takes numbers. Those that come are taken in the transaction that reads their calls. */
export const makeCallNumbers = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const nextNumber = yield* makeNextNumber

  /** The next number of the stream of calls to a device. */
  function next(mesh: MeshId, device: DeviceId) {
    return nextNumber({ mesh, device, class: "rpc" })
  }

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
