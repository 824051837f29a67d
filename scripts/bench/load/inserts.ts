/**
 * What the databases take by themselves: rows of a message's size, 200 in a durable transaction, one transaction after another.
 *
 * The other floor: a broker that stores each message cannot be faster.
 *
 * @module
 */
import { PgClient } from "@effect/sql-pg"
import { Effect, type Redacted } from "effect"
import { DatabaseSync } from "node:sqlite"

/** Rows of one transaction, as many as the broker admits in one. */
const ROWS = 200

const ENVELOPE = "x".repeat(3_900)

/** Rows a second into a new SQLite file. */
export function sqliteInserts(filename: string, seconds: number): Effect.Effect<number> {
  return Effect.sync(() => {
    const database = new DatabaseSync(filename)
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = full")
    database.exec(
      "CREATE TABLE bench_rows (row INTEGER PRIMARY KEY, envelope TEXT NOT NULL) STRICT"
    )
    const insert = database.prepare("INSERT INTO bench_rows (envelope) VALUES (?)")
    const began = performance.now()
    let rows = 0
    while (performance.now() - began < seconds * 1_000) {
      database.exec("BEGIN IMMEDIATE")
      for (let row = 0; row < ROWS; row++) insert.run(ENVELOPE)
      database.exec("COMMIT")
      rows += ROWS
    }
    const perSecond = rows / ((performance.now() - began) / 1_000)
    database.close()
    return perSecond
  })
}

/** Rows a second into a new table of a Postgres database. */
export function postgresInserts(url: Redacted.Redacted, seconds: number) {
  const insert = Effect.gen(function*() {
    const sql = yield* PgClient.PgClient
    yield* sql`CREATE TABLE bench_rows (row bigint GENERATED ALWAYS AS IDENTITY, envelope text NOT NULL)`
    const began = performance.now()
    let rows = 0
    while (performance.now() - began < seconds * 1_000) {
      yield* sql`INSERT INTO bench_rows (envelope) SELECT ${ENVELOPE} FROM generate_series(1, ${ROWS})`
      rows += ROWS
    }
    return rows / ((performance.now() - began) / 1_000)
  })
  return Effect.provide(insert, PgClient.layer({ url }))
}
