/**
 * How much may wait in the outbox: a machine that sends nothing for weeks must not fill its disk.
 *
 * What waits is never dropped to make room: more is refused instead.
 *
 * @module
 */
import { type Refused, refused } from "@claudemesh/protocol"
import { Config, Effect, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"

const MESSAGES_MAX = 100_000
const BYTES_MAX = 1_073_741_824

/** `CLAUDEMESH_OUTBOX_MESSAGES` and `CLAUDEMESH_OUTBOX_BYTES`: how many messages may wait, and their size in all. */
const settings = Effect.all({
  messagesMax: limit("CLAUDEMESH_OUTBOX_MESSAGES", MESSAGES_MAX),
  bytesMax: limit("CLAUDEMESH_OUTBOX_BYTES", BYTES_MAX)
})

function limit(name: string, usual: number): Effect.Effect<number, Refused> {
  return Config.Int(name).pipe(
    Config.withDefault(usual),
    Effect.filterOrFail((limit) => limit > 0),
    Effect.mapError(() => refused("usage", `Cannot start with that ${name}: a number from 1 works`))
  )
}

/** Refuses what there is no room for. */
export const makeOutboxLimits = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const { bytesMax, messagesMax } = yield* settings
  const findLoad = SqlSchema.findOne({
    Request: Schema.Void,
    Result: Schema.Struct({ messages: Schema.Int, bytes: Schema.Int }),
    execute: () => sql`SELECT messages, bytes FROM outbox_load`
  })

  /** Inside the transaction that accepts: two at once must not both take the last place. */
  const check = Effect.fnUntraced(function*(bytes: number) {
    const load = yield* Effect.orDie(findLoad(undefined))
    if (load.messages >= messagesMax) {
      return yield* full(`${load.messages} messages wait, and at most ${messagesMax} may`)
    }
    if (load.bytes + bytes > bytesMax) {
      return yield* full(`what waits has ${load.bytes} bytes, and at most ${bytesMax} may`)
    }
  })
  return { check }
})

function full(why: string): Effect.Effect<never, Refused> {
  return Effect.fail(refused("outbox_full", `Cannot accept the message: ${why}`))
}
