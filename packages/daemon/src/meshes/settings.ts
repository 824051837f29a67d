/**
 * Small things the daemon remembers between runs, by name.
 *
 * @module
 */
import { Effect, Option, Schema } from "effect"
import { SqlClient, SqlSchema } from "effect/sql"

/** Reads and writes settings; every failure of them is a defect. */
export const makeSettings = Effect.gen(function*() {
  const sql = yield* SqlClient.SqlClient
  const find = SqlSchema.findOneOption({
    Request: Schema.String,
    Result: Schema.Struct({ value: Schema.String }),
    execute: (key) => sql`SELECT value FROM settings WHERE key = ${key}`
  })
  const get = Effect.fnUntraced(function*(key: string) {
    return Option.map(yield* find(key), ({ value }) => value)
  }, Effect.orDie)
  const set = Effect.fnUntraced(function*(key: string, value: string) {
    yield* sql`INSERT INTO settings ${sql.insert({ key, value })}
      ON CONFLICT (key) DO UPDATE SET value = excluded.value`
  }, Effect.orDie)
  /** The value of the key; made once, and then it stays. */
  const settled = Effect.fnUntraced(function*(key: string, make: Effect.Effect<string>) {
    const known = yield* get(key)
    if (Option.isSome(known)) return known.value
    const value = yield* make
    yield* set(key, value)
    return value
  })
  return { get, set, settled }
})
