/**
 * Keys by which callers repeat a send: each stands for one message, for as long as the message is kept.
 *
 * A key is known whatever mesh is the current one by now: who asks again after a
 * crash must never send twice.
 *
 * @module
 */
import { MeshId, MessageId, type Refused, refused } from "@claudemesh/protocol"
import { Effect, Option, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"

/** What a key may stand for: a message of one mesh, under an id if the caller chose one. */
export interface Keyed {
  readonly mesh: MeshId
  readonly key?: string
  readonly id?: MessageId
}

/** Keeps keys; the caller brings the transaction. */
export const makeIdempotencyKeys = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const findKey = SqlSchema.findOneOption({
    Request: Schema.String,
    Result: Schema.Struct({ mesh: MeshId, id: MessageId }),
    execute: (key) => sql`SELECT mesh, id FROM idempotency_keys WHERE key = ${key}`
  })
  function byKey(key: string) {
    return Effect.orDie(findKey(key))
  }

  /** The id that the key stands for, if it is known; refused where it stands for something else. */
  const idOf = Effect.fnUntraced(function*({ id, key, mesh }: Keyed) {
    const known = key === undefined ? undefined : Option.getOrUndefined(yield* byKey(key))
    if (known === undefined) return undefined
    const isOther = known.mesh !== mesh || (id !== undefined && id !== known.id)
    return isOther ? yield* otherMessage(known.id) : known.id
  })
  const keep = Effect.fnUntraced(function*({ key, mesh }: Keyed, id: MessageId) {
    if (key === undefined) return
    yield* sql`INSERT INTO idempotency_keys ${sql.insert({ key, mesh, id })} ON CONFLICT DO NOTHING`
  })
  return { byKey, idOf, keep }
})

function otherMessage(id: MessageId): Effect.Effect<never, Refused> {
  return Effect.fail(
    refused("id_reused", `Cannot send it under that key: the key belongs to message "${id}"`)
  )
}
